// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// toolsText is what a role lets through, less what one takes away, for people.
func (s Server) toolsText() string {
	text := strings.Join(s.AllowedTools, ", ")
	if text != "" && len(s.DeniedTools) > 0 {
		text += ", except: " + strings.Join(s.DeniedTools, ", ")
	}
	return s.marked(text)
}

// allowedText is what a role lets through.
func (s Server) allowedText() string { return s.marked(strings.Join(s.AllowedTools, ", ")) }

// marked is a text about the allowed tools, with the marks of notesOn.
func (s Server) marked(text string) string {
	text = cmp.Or(text, "(none)")
	switch {
	case len(s.Unresolved) > 0:
		text += " [?]"
	case len(s.AllowedTools) == 0, s.TooOld != nil:
		text += " [!]"
	}
	if s.Request != "" {
		text += " [r]"
	}
	return text
}

// labelsText are labels, sorted.
func labelsText(labels map[string]string) string {
	pairs := make([]string, 0, len(labels))
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, k+"="+labels[k])
	}
	return strings.Join(pairs, ",")
}

// notesOn explain the marks of the servers' tools.
func notesOn(servers []Server, now time.Time) []string {
	var notes []string
	for _, s := range servers {
		if s.Request != "" && s.RequestUntil != nil {
			notes = append(notes, plain.Sprintf("[r] By access request %s, until %s.", s.Request, validity(*s.RequestUntil, now)))
		}
	}
	for _, s := range servers {
		if s.TooOld != nil {
			notes = append(notes, plain.Sprintf("[!] %v.", s.TooOld))
		}
	}
	slices.Sort(notes)
	notes = slices.Compact(notes)
	if slices.ContainsFunc(servers, func(s Server) bool { return s.NoTools() && s.TooOld == nil }) {
		notes = append(notes, "[!] None of your roles allows any tool of this server: ask your Teleport administrator for mcp.tools in a role.")
	}
	if slices.ContainsFunc(servers, func(s Server) bool { return len(s.Unresolved) > 0 }) {
		notes = append(notes, "[?] A role has a condition that only the cluster can evaluate: it may allow or deny other tools, too.")
	}
	return notes
}
