// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"path/filepath"
	"sort"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// ClientState is what a client has.
type ClientState struct {
	Target
	Installed bool
	Note      string        // why the entries cannot be told; "" if they can
	Hangs     bool          // because the file system does not answer, so that Installed is not known either
	Entries   []ListedEntry // of ours
}

// ListedEntry is an entry of ours.
type ListedEntry struct {
	Name  string
	Drift bool // it runs another program than this one

	App, Proxy, Leaf string // where it leads; Proxy is empty for that of the last login
	Path             string // at which an ordinary app serves MCP
	Command          string // what it runs in the end
}

// States looks at clients, those first that have entries or are here. command is
// this program.
func (m *Machine) States(targets []Target, command string) []ClientState {
	var states []ClientState
	for _, t := range targets {
		states = append(states, m.state(t, command))
	}
	sort.SliceStable(states, func(i, j int) bool { return rank(states[i]) < rank(states[j]) })
	return states
}

func rank(s ClientState) int {
	switch {
	case len(s.Entries) > 0:
		return 0
	case s.Installed:
		return 1
	case s.File != "":
		return 2
	}
	return 3
}

func (m *Machine) state(t Target, command string) ClientState {
	s := ClientState{Target: t, Installed: t.ID != "" && t.Client.Installed(m.clientEnv())}
	var none *clientcfg.NoFileError
	switch {
	case errors.As(t.Err, &none):
		s.Note = "print only: " + none.Reason
		return s
	case t.Err != nil:
		s.Note, s.Hangs = errcode.Words(t.Err), hangs(t.Err)
		return s
	case t.File == "":
		s.Note = "print only: " + t.PrintReason
		return s
	}
	all, err := t.EntriesOf(t.File, nil, command)
	if err != nil {
		s.Note, s.Hangs = strings.TrimPrefix(errcode.Words(err), t.File+": "), hangs(err)
		return s
	}
	for _, entry := range all {
		if entry.Ours {
			g, path, _ := goalAndPath(entry.Entry)
			s.Entries = append(s.Entries, ListedEntry{
				Name: entry.Name, Drift: t.drifted(entry.Entry, command),
				App: g.app, Proxy: g.proxy, Leaf: g.leaf, Path: path, Command: entry.Entry.Started().Command,
			})
		}
	}
	return s
}

func hangs(err error) bool {
	var slow *plainfile.SlowError
	return errors.As(err, &slow)
}

// LeadsTo reports whether an entry leads to that app of that cluster. One that
// names no proxy leads to that of the last login, which is taken for this one.
func (e ListedEntry) LeadsTo(app, proxy, leaf string) bool {
	return goal{e.Proxy, e.Leaf, e.App}.is(goal{sameProxy(proxy), leaf, app})
}

// drifted reports whether an entry runs another program than this one. That of a
// project names no file.
func (t Target) drifted(e clientcfg.Entry, command string) bool {
	e = e.Started()
	if t.Shared && e.Command == "tshmcp" {
		return false
	}
	return filepath.Clean(e.Command) != filepath.Clean(command) && !sameFile(e.Command, command)
}
