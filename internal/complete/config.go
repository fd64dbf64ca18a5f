// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"context"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// configurable are the MCP servers that can get entries, or that have some where
// they are removed, but for those that were named already.
func (f *Finder) configurable(ctx context.Context, given []string) (all words) {
	if f.Config.Remove { // the cluster is not asked, and may have it no more
		for _, app := range f.entries() {
			if !slices.Contains(given, app) {
				all.add(app, "")
			}
		}
		return all
	}
	c, err := f.Open(ctx)
	if err != nil {
		return nil
	}
	servers, _, _ := f.Config.Servers(ctx, c)
	for _, s := range servers {
		if !slices.Contains(given, s.Name) {
			all.add(s.Name, s.Description)
		}
	}
	return all
}

// entries are the MCP servers that the clients' files have entries of.
func (f *Finder) entries() []string {
	targets, err := f.targets()
	command, failed := f.Machine.Command()
	if err != nil || failed != nil {
		return nil
	}
	var names []string
	for _, state := range f.Machine.States(targets, command) {
		for _, entry := range state.Entries {
			if entry.App != "" {
				names = append(names, entry.App)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (f *Finder) targets() ([]setup.Target, error) {
	all := f.Config.Targets(f.Machine)
	if f.Config.Clients == "" {
		return all.All()
	}
	return all.Named(f.Config.Clients, false)
}

// clients are the lists of clients that a list, typed so far, can become.
func clients(typed string) []Word {
	before, part := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, part = typed[:i+1], typed[i+1:]
	}
	var all []Word
	for _, c := range clientcfg.Clients() {
		if strings.HasPrefix(c.ID, part) && !slices.Contains(strings.Split(before, ","), c.ID) {
			all = append(all, Word{before + c.ID, c.Name})
		}
	}
	return all
}
