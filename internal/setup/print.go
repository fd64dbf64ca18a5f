// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Remark is a line for the person who runs config.
type Remark struct {
	Text    string
	Warning bool
}

func say(format string, a ...any) Remark { return Remark{Text: fmt.Sprintf(format, a...)} }

func warn(format string, a ...any) Remark {
	return Remark{Text: fmt.Sprintf(format, a...), Warning: true}
}

// afterwards says what a person has to know once a file has changed.
func afterwards(plan Plan, out Outcome) (all []Remark) {
	if out.InPlace != "" {
		all = append(all, say("%s was overwritten in place: %s.", out.Path, out.InPlace))
	}
	if out.Backup != "" {
		all = append(all, say("Backup: %s", out.Backup))
	}
	if out.Running {
		all = append(all, warn("%s seems to be running and may overwrite this change: quit it completely and run this command again", plan.Name))
	}
	return all
}

// StateTable writes one line for each client, and what a mark in it means. Paths are
// shown as short has them.
func StateTable(w io.Writer, states []ClientState, short func(path string) string) error {
	t := plain.NewTable(w, "CLIENT", "NAME", "INSTALLED", "ENTRIES", "FILE")
	t.Spare("NAME", "FILE")
	drift := false
	for _, s := range states {
		var entries []string
		for _, e := range s.Entries {
			if e.Drift {
				drift = true
				e.Name += " [!]"
			}
			entries = append(entries, e.Name)
		}
		installed := ""
		if s.Installed {
			installed = "yes"
		}
		// The last column is the one that may be long.
		file := strings.Join(slices.DeleteFunc([]string{short(s.File), s.Note}, func(part string) bool { return part == "" }), ": ")
		t.Row(cmp.Or(s.ID, "-"), s.Name, installed, strings.Join(entries, ", "), file)
	}
	if err := t.Flush(); err != nil || !drift {
		return err
	}
	_, err := io.WriteString(w, plain.WrapFor(w, "\n[!] The entry runs a different program than this one: tshmcp config NAME --client-config=CLIENT updates it.\n"))
	return err
}

// ListedClient is a client for programs. The names are part of the interface.
type ListedClient struct {
	ID        string         `json:"id" yaml:"id"` // empty for a file of no known client
	Name      string         `json:"name" yaml:"name"`
	Installed bool           `json:"installed" yaml:"installed"`
	File      string         `json:"file" yaml:"file"`
	Note      string         `json:"note" yaml:"note"` // why there are no entries to tell
	Logs      string         `json:"logs" yaml:"logs"` // where the client keeps its own, as far as that is known
	Entries   []ClientsEntry `json:"entries" yaml:"entries"`
}

// ClientsEntry is an entry of ours for programs.
type ClientsEntry struct {
	Name         string `json:"name" yaml:"name"`
	Server       string `json:"server" yaml:"server"`
	Proxy        string `json:"proxy" yaml:"proxy"`
	Cluster      string `json:"cluster" yaml:"cluster"` // a leaf
	Command      string `json:"command" yaml:"command"`
	OtherProgram bool   `json:"other_program" yaml:"other_program"`
}

// ListedClients are clients for programs.
func ListedClients(states []ClientState) []ListedClient {
	all := []ListedClient{}
	for _, s := range states {
		c := ListedClient{ID: s.ID, Name: s.Name, Installed: s.Installed, File: s.File, Note: s.Note, Logs: s.Logs, Entries: []ClientsEntry{}}
		for _, e := range s.Entries {
			c.Entries = append(c.Entries, ClientsEntry{Name: e.Name, Server: e.App, Proxy: e.Proxy, Cluster: e.Leaf, Command: e.Command, OtherProgram: e.Drift})
		}
		all = append(all, c)
	}
	return all
}
