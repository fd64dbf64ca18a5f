// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"fmt"
	"slices"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Removal takes entries out of files. It asks no cluster: what is to go may be
// long gone there.
type Removal struct {
	Machine *Machine
	Names   []string // of MCP servers, or of entries
	All     bool     // every entry of ours
	Proxy   string   // host[:port]; only entries for this one; empty: for all
	Leaf    string   // only entries for this cluster, a leaf or a root; empty: for all
	Prefix  string
	Options clientcfg.Options
	Root    func(proxy string) string // name of the root cluster of a login; empty if there is none
}

// Plans looks at all files before the first is written. If one of the names led
// to no entry in any of them, there is no plan; nor where it cannot be told, as
// one of the files cannot be read.
func (r *Removal) Plans(ctx context.Context, targets []Target) ([]Plan, *Errors) {
	found := map[string][]meantEntry{}
	var plans []Plan
	failed := &Errors{}
	for _, t := range targets {
		if ctx.Err() != nil {
			return nil, &Errors{Errs: []error{ctx.Err()}}
		}
		p, err := r.plan(ctx, t, found)
		if failed.Add(err); err == nil {
			plans = append(plans, p)
		}
	}
	for _, name := range r.Names {
		if err := several(name, found[name]); err != nil {
			failed.Add(err)
			plans = nil
		}
	}
	missing := slices.DeleteFunc(slices.Clone(r.Names), func(name string) bool { return len(found[name]) > 0 })
	if len(missing) > 0 {
		if len(failed.Errs) == 0 {
			failed.Add(&NoEntryError{Names: missing})
		}
		return nil, failed
	}
	return plans, failed
}

// plan finds out what of one target's file is to go, and marks in found which of
// the names led to an entry.
func (r *Removal) plan(ctx context.Context, t Target, found map[string][]meantEntry) (Plan, error) {
	p := Plan{Target: t}
	switch {
	case t.Err != nil:
		return p, inFile(ReadingToRemove, t.Err)
	case t.File == "":
		return p, inFile(ReadingToRemove, &clientcfg.NoFileError{Client: t.Name, Reason: t.PrintReason})
	}
	all, err := t.EntriesOf(t.File, r.named(t), r.Options.Self)
	if err == nil {
		p.Removed = r.removable(t, all, found)
		p.Planned, err = t.PreviewRemoval(ctx, t.File, p.Removed, t.options(r.Options))
	}
	return p, inFile(ReadingToRemove, err)
}

// removable are the names of the entries that are to go, of all that a file has.
func (r *Removal) removable(t Target, all []clientcfg.Found, found map[string][]meantEntry) []string {
	ours := slices.DeleteFunc(slices.Clone(all), func(f clientcfg.Found) bool {
		return !f.Ours || !r.ofCluster(f.Entry)
	})
	if r.All {
		return entryNames(ours)
	}
	var keys []string
	for _, name := range r.Names {
		meant := slices.DeleteFunc(slices.Clone(ours), func(f clientcfg.Found) bool { return f.Name != name })
		if len(meant) == 0 {
			meant = slices.DeleteFunc(slices.Clone(ours), func(f clientcfg.Found) bool { return !connectsTo(f, name) })
		}
		if len(meant) == 0 {
			// Refused later, unless --force is given.
			key := r.nameOf(t, name)
			meant = slices.DeleteFunc(slices.Clone(all), func(f clientcfg.Found) bool { return f.Ours || f.Name != key })
		}
		for _, f := range meant {
			g, _ := goalOf(f.Entry)
			found[name] = append(found[name], meantEntry{f.Name, g})
			keys = append(keys, f.Name)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// nameOf is the name of an entry for an MCP server of that name.
func (r *Removal) nameOf(t Target, server string) string {
	return t.SafeName(entryName(r.Prefix, r.Leaf, server))
}

// named reports whether one of the names may mean an entry of that name.
func (r *Removal) named(t Target) func(name string) bool {
	names := map[string]bool{}
	for _, server := range r.Names {
		names[r.nameOf(t, server)] = true
	}
	return func(name string) bool { return names[name] }
}

func entryNames(all []clientcfg.Found) []string {
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	return names
}

// connectsTo reports whether an entry of ours connects to an MCP server of that name.
func connectsTo(f clientcfg.Found, name string) bool {
	g, ok := goalOf(f.Entry)
	return ok && g.app == name
}

// meantEntry is an entry that a name of a removal means.
type meantEntry struct {
	name string
	goal goal
}

// several is an error where a name is that of servers which different logins reach:
// which of them is to go has to be said. The name of an entry says it.
func several(name string, meant []meantEntry) error {
	e := &SeveralError{Name: name}
	for i, m := range meant {
		if m.name == name {
			return nil
		}
		if i == 0 || m.goal.proxy != meant[0].goal.proxy {
			e.Entries = append(e.Entries, fmt.Sprintf("%s (%s)", m.name, m.goal.text()))
		}
	}
	if len(e.Entries) < 2 {
		return nil
	}
	return e
}

// ofCluster reports whether an entry is for the cluster that is named; every entry
// is, if none is. The name of a root is that of its login.
func (r *Removal) ofCluster(e clientcfg.Entry) bool {
	g, _ := goalOf(e)
	switch {
	case r.Proxy != "" && !isProxy(g.proxy, sameProxy(r.Proxy)):
		return false
	case r.Leaf == "" || g.leaf != "":
		return r.Leaf == "" || g.leaf == r.Leaf
	}
	return r.Root(g.proxy) == r.Leaf
}

// Carry carries out a plan.
func (r *Removal) Carry(ctx context.Context, p Plan) (Outcome, error) {
	options := p.Target.options(r.Options)
	options.Planned = &p.Planned
	result, err := p.RemoveFromContext(ctx, p.File, p.Removed, options)
	if err != nil {
		return Outcome{}, inFile(Removing, err)
	}
	out := outcome(ctx, r.Machine, p, result)
	out.Names = p.Removed
	return out, nil
}

// Told says what came of a plan.
func (r *Removal) Told(plan Plan, out Outcome) []Remark {
	return append(taken(out.Names, out.Path), afterwards(plan, out)...)
}

func taken(names []string, path string) []Remark {
	var all []Remark
	for _, name := range names {
		all = append(all, say("Removed %s from %s.", name, path))
	}
	return all
}
