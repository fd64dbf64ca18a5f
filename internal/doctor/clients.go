// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// clients are the MCP clients of this machine.
type clients struct{ *exam }

// look looks at the entries that MCP clients have. Without a server that was
// named, all of ours are meant.
func (x clients) look(ctx context.Context) []Finding {
	command, err := x.Machine.Command()
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	targets, err := x.targets()
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	examiner := &setup.Examiner{Machine: x.Machine, Command: command}
	examiner.Known = func(app string) []string {
		if app == x.Name {
			return x.names
		}
		return nil
	}
	states := x.Machine.States(targets, command)
	var all []Finding
	entries := 0
	for _, s := range states {
		mine := x.entriesOf(s)
		entries += len(mine)
		all = append(all, x.client(ctx, examiner, s, mine)...)
	}
	hung := hung(states)
	if entries == 0 && hung == nil {
		all = append(all, x.missing(ctx, states))
	}
	return append(all, hung...)
}

// targets are the files of this person's clients, and those of the project here.
func (x clients) targets() ([]setup.Target, error) {
	var all []setup.Target
	for _, scope := range []clientcfg.Scope{clientcfg.UserScope, clientcfg.ProjectScope} {
		targets, err := setup.Targets{Machine: x.Machine, Scope: scope}.All()
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			var none *clientcfg.NoFileError
			if errors.As(t.Err, &none) || t.Err != nil && scope == clientcfg.ProjectScope || t.Err == nil && t.File == "" {
				continue
			}
			if !slices.ContainsFunc(all, func(u setup.Target) bool { return u.ID == t.ID && u.File == t.File }) {
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// entriesOf are those for the server that was named, else all of ours.
func (x clients) entriesOf(s setup.ClientState) []setup.ListedEntry {
	if x.Name == "" {
		return s.Entries
	}
	proxy, leaf := "", ""
	if x.proxy != nil {
		proxy = x.proxy.Addr
	}
	if x.cluster != nil {
		leaf = x.cluster.Leaf
	}
	return slices.DeleteFunc(slices.Clone(s.Entries), func(e setup.ListedEntry) bool {
		return proxy != "" && !e.LeadsTo(x.Name, proxy, leaf) || e.App != x.Name
	})
}

// client is what is wrong with a client's entries, or that nothing is.
func (x clients) client(ctx context.Context, examiner *setup.Examiner, s setup.ClientState, entries []setup.ListedEntry) []Finding {
	if len(entries) == 0 {
		if s.Installed && s.Note != "" && !s.Hangs {
			return []Finding{{State: Warning, Subject: s.ID, Text: fmt.Sprintf("its entries cannot be read: %s", strings.TrimPrefix(s.File+": "+s.Note, ": ")), Hint: "correct the file"}}
		}
		return nil
	}
	var all []Finding
	for _, t := range examiner.Examine(ctx, s, entries) {
		f := Finding{State: Warning, Subject: s.ID, Text: t.Text, Command: t.Command, Hint: t.Do}
		if t.Fatal {
			f.State, f.Code = Failed, errcode.ConfigStart
		}
		all = append(all, f)
	}
	if all == nil {
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Name
		}
		all = []Finding{{State: OK, Subject: s.ID, Text: fmt.Sprintf("%s in %s", strings.Join(names, ", "), s.File)}}
	}
	return all
}

// hung is about the files that nobody can look at now: what is in them is not known.
func hung(states []setup.ClientState) []Finding {
	const named = 3
	states = slices.DeleteFunc(slices.Clone(states), func(s setup.ClientState) bool { return !s.Hangs })
	f := Finding{State: Warning, Hint: "it hangs: look what is mounted there; tshmcp config --list-clients names all such files"}
	switch more := len(states) - named; {
	case len(states) == 0:
		return nil
	case len(states) == 1:
		f.Subject, f.Text = states[0].ID, fmt.Sprintf("its entries cannot be read: %s: %s", states[0].File, states[0].Note)
	default:
		var files []string
		for _, s := range states[:min(named, len(states))] {
			files = append(files, s.File)
		}
		f.Text = "the entries in " + strings.Join(files, ", ")
		if more > 0 {
			f.Text += fmt.Sprintf(" and %d more", more)
		}
		f.Text += " cannot be read: the file system that they are on does not answer"
	}
	return []Finding{f}
}

// missing is for a server that no client has an entry for.
func (x clients) missing(ctx context.Context, states []setup.ClientState) Finding {
	f := Finding{State: Warning, Text: "no MCP client has an entry"}
	words := []string{"config"} // which asks for what is not named
	if x.Name != "" {
		f.Text += " for " + x.Name
		words = append(words, x.Name)
	}
	if x.Path != "" {
		words = append(words, "--path="+x.Path)
	}
	for _, s := range states {
		if s.Installed && x.Name != "" {
			words = append(words, "--client-config="+s.ID)
			break
		}
	}
	f.Command = x.command(words...)
	for _, s := range states {
		if s.Installed && x.Machine.Runs(ctx, s.Target) {
			f.Hint = s.Name + " is running, and writes its own copy of the file over changes by others: quit it first"
			break
		}
	}
	return f
}
