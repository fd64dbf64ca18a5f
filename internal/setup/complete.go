// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Completion is a word that a shell may offer, and what it means.
type Completion struct{ Word, Means string }

// CompleteEntries are the MCP servers that the clients' files have entries of, to be
// removed, but for those that were named already.
func (r *Request) CompleteEntries(m *Machine) []string {
	find := r.Targets(m).All
	if r.Clients != "" {
		find = func() ([]Target, error) { return r.Targets(m).Named(r.Clients, false) }
	}
	targets, err := find()
	command, failed := m.Command()
	if err != nil || failed != nil {
		return nil
	}
	var names []string
	for _, state := range m.States(targets, command) {
		for _, entry := range state.Entries {
			if entry.App != "" && !slices.Contains(r.Names, entry.App) {
				names = append(names, entry.App)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CompleteClients are the lists of clients that a list, typed so far, can become.
func CompleteClients(typed string) []Completion {
	before, part := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, part = typed[:i+1], typed[i+1:]
	}
	var all []Completion
	for _, c := range clientcfg.Clients() {
		if strings.HasPrefix(c.ID, part) && !slices.Contains(strings.Split(before, ","), c.ID) {
			all = append(all, Completion{Word: before + c.ID, Means: c.Name})
		}
	}
	return all
}
