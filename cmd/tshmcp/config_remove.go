// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// noEntryError: none of the files has an entry for these MCP servers.
type noEntryError struct{ Names []string }

func (e *noEntryError) Error() string {
	return "no entry for " + strings.Join(e.Names, ", ")
}

// removeEntries takes entries out of the files. It asks no cluster: what is to
// go may be long gone there.
func (o *configOptions) removeEntries(ctx context.Context, targets []target, names []string) error {
	opts, err := o.options()
	if err != nil {
		return err
	}
	proxy, err := o.onlyProxy()
	if err != nil {
		return err
	}
	found := map[string]bool{}
	var plans []plan
	var failed clientErrors
	for _, t := range targets {
		p, err := o.planRemoval(t, opts, proxy, names, found)
		if failed.add(err); err == nil {
			plans = append(plans, p)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return found[name] })
	if len(missing) > 0 {
		failed.add(&noEntryError{Names: missing})
		return failed.orNil()
	}
	for _, p := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := o.removeFrom(ctx, p, opts)
		failed.add(err)
	}
	return failed.orNil()
}

// planRemoval finds out what of one target's file is to go, and marks in found
// which of the names led to an entry.
func (o *configOptions) planRemoval(t target, opts clientcfg.Options, proxy string, names []string, found map[string]bool) (plan, error) {
	p := plan{target: t}
	switch {
	case t.err != nil:
		return p, t.err
	case t.path == "":
		return p, &clientcfg.NoFileError{Client: t.Name, Reason: t.PrintReason}
	}
	var err error
	if p.remove, err = o.removable(t, opts.Self, proxy, names, found); err != nil {
		return p, err
	}
	p.before, p.after, err = t.PreviewRemoval(t.path, p.remove, opts)
	return p, err
}

// onlyProxy is the proxy of the one cluster whose entries are to go, empty for
// all. What TSHMCP_PROXY says is a default and no choice.
func (o *configOptions) onlyProxy() (string, error) {
	if o.proxy == "" {
		return "", nil
	}
	proxy, err := teleport.ParseAddr(o.proxy)
	if err != nil {
		return "", &usageError{Err: err}
	}
	return proxy, nil
}

// removable are the names of the entries in the file of t that are to go, and
// marks in found which of the names led to one.
func (o *configOptions) removable(t target, self, proxy string, names []string, found map[string]bool) ([]string, error) {
	all, err := t.EntriesOf(t.path, self)
	if err != nil {
		return nil, err
	}
	ours := slices.DeleteFunc(slices.Clone(all), func(f clientcfg.Found) bool {
		return !f.Ours || !ofCluster(f.Entry, proxy) || !o.ofLeaf(f.Entry)
	})
	if o.all {
		return entryNames(ours), nil
	}
	var keys []string
	for _, name := range names {
		meant := slices.DeleteFunc(slices.Clone(ours), func(f clientcfg.Found) bool { return !means(f, name) })
		if len(meant) == 0 {
			// Refused later, unless --force is given.
			key := t.SafeName(o.entryName(o.leaf, name))
			meant = slices.DeleteFunc(slices.Clone(all), func(f clientcfg.Found) bool { return f.Ours || f.Name != key })
		}
		if len(meant) > 0 {
			found[name] = true
			keys = append(keys, entryNames(meant)...)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

func entryNames(all []clientcfg.Found) []string {
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	return names
}

// means reports whether a person who says name means an entry of ours: by the
// MCP server that it connects to, or by its own name.
func means(f clientcfg.Found, name string) bool {
	app, ok := connectsTo(f.Entry)
	return f.Name == name || ok && app == name
}

// connectsTo is the MCP server that an entry of ours connects to.
func connectsTo(e clientcfg.Entry) (string, bool) {
	if len(e.Args) < 2 || e.Args[0] != "connect" {
		return "", false
	}
	return e.Args[1], true
}

// ofCluster reports whether an entry is for the cluster of a proxy; every entry
// is, if none is named.
func ofCluster(e clientcfg.Entry, proxy string) bool {
	return proxy == "" || slices.Contains(e.Args, "--proxy="+proxy)
}

func (o *configOptions) removeFrom(ctx context.Context, p plan, opts clientcfg.Options) error {
	if len(p.remove) == 0 {
		fmt.Fprintf(o.stderr, "%s has nothing to remove.\n", p.path)
		return nil
	}
	if o.dryRun {
		return o.showDiff(o.stdout, o.isTerminal, p)
	}
	result, err := p.RemoveFromContext(ctx, p.path, p.remove, opts)
	if err != nil {
		return err
	}
	for _, name := range p.remove {
		fmt.Fprintf(o.stderr, "Removed %s from %s.\n", name, result.Path)
	}
	p.After = "" // it is about new entries
	o.afterwards(ctx, p.target, result)
	return nil
}
