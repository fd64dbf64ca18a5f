// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// plan is what one target gets, or loses.
type plan struct {
	target
	entries map[string]clientcfg.Entry
	remove  []string
	before  []byte // what the file has; nil if there is none
	after   []byte // what it will have
}

// writeEntries writes, prints or shows the entries of the servers. What cannot
// be done for one client does not keep the others from theirs.
func (o *configOptions) writeEntries(ctx context.Context, c *cluster, targets []target, servers []configServer) error {
	opts, err := o.options()
	if err != nil {
		return err
	}
	plans, failed := o.plans(c, targets, servers, opts)
	return o.carryOutAll(ctx, c, plans, failed, servers, opts)
}

// plans looks at all files before the first is written.
func (o *configOptions) plans(c *cluster, targets []target, servers []configServer, opts clientcfg.Options) ([]plan, *clientErrors) {
	var plans []plan
	failed := &clientErrors{}
	for _, t := range targets {
		p, err := o.plan(c, t, servers, opts)
		if failed.add(err); err == nil {
			plans = append(plans, p)
		}
	}
	return plans, failed
}

func (o *configOptions) plan(c *cluster, t target, servers []configServer, opts clientcfg.Options) (plan, error) {
	p := plan{target: t}
	if t.err != nil {
		return p, t.err
	}
	var err error
	if p.entries, err = o.entries(c, t.Client, servers); err != nil {
		return p, err
	}
	if o.printed(t) {
		p.after, err = t.RenderAll(p.entries, opts)
	} else {
		p.before, p.after, err = t.Preview(t.path, p.entries, opts)
	}
	return p, err
}

func (o *configOptions) carryOutAll(ctx context.Context, c *cluster, plans []plan, failed *clientErrors, servers []configServer, opts clientcfg.Options) error {
	if len(plans) > 0 {
		o.warnSecrets()
	}
	for _, p := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o.warnReplaced(p, opts.Self, c)
		err := o.carryOut(ctx, p, opts)
		if failed.add(err); err == nil {
			o.warnNames(p, c, servers)
			o.warnTwice(p, opts.Self, c)
		}
	}
	return failed.orNil()
}

// printed reports whether the target's entries are for pasting.
func (o *configOptions) printed(t target) bool { return o.print || t.path == "" }

func (o *configOptions) carryOut(ctx context.Context, p plan, opts clientcfg.Options) error {
	switch {
	case o.printed(p.target):
		return o.printEntries(p)
	case o.dryRun:
		return o.showDiff(o.stdout, o.isTerminal, p)
	}
	// Before ours is there: one that counts until then is named, too.
	file, effect := p.Managed(o.clientEnv())
	result, err := p.WriteContext(ctx, p.path, p.entries, opts)
	if errors.Is(err, clientcfg.ErrBusy) {
		return &busyError{Err: err, Commands: o.vendorCommands(p)}
	}
	if err != nil {
		return err
	}
	if !result.Changed {
		fmt.Fprintf(o.stderr, "%s is up to date.\n", result.Path)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(p.entries)) {
		fmt.Fprintf(o.stderr, "Wrote %s to %s.\n", name, result.Path)
	}
	if file != "" {
		o.warn("%s: %s", file, effect)
	}
	o.afterwards(ctx, p.target, result)
	return nil
}

// printEntries prints what a person can paste. With several clients each says
// which one its text is for.
func (o *configOptions) printEntries(p plan) error {
	switch {
	case p.PrintOnly:
		fmt.Fprintf(o.stderr, "For %s, no file is written: %s. Next: %s.\n", p.Name, p.PrintReason, p.After)
	case strings.Contains(o.clients, ","):
		fmt.Fprintf(o.stderr, "For %s:\n", p.title())
	}
	if _, err := o.stdout.Write(p.after); err != nil {
		return err
	}
	for _, command := range o.vendorCommands(p) {
		fmt.Fprintf(o.stderr, "Or let %s write it: %s\n", p.Name, command)
	}
	return nil
}

// vendorCommands are the command lines with which the client's own tool makes
// the entries.
func (o *configOptions) vendorCommands(p plan) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(p.entries)) {
		if command := o.vendorCommand(p.Client, name, p.entries[name]); command != "" {
			all = append(all, command)
		}
	}
	return all
}

// busyError: the client writes its file so often that nobody else can. Its own
// tool may.
type busyError struct {
	Err      error
	Commands []string // of that tool
}

func (e *busyError) Error() string { return e.Err.Error() }
func (e *busyError) Unwrap() error { return e.Err }

// afterwards says what a person has to know once a file has changed.
func (o *configOptions) afterwards(ctx context.Context, t target, result clientcfg.Result) {
	if result.Backup != "" {
		fmt.Fprintf(o.stderr, "The file as it was: %s\n", result.Backup)
	}
	if names := t.Processes[o.goos]; len(names) > 0 && o.runs(ctx, names) {
		o.warn("%s seems to be running and may write its own copy over this change: quit it completely and run this command again", t.Name)
	}
	if t.After != "" {
		fmt.Fprintf(o.stderr, "Next: %s.\n", t.After)
	}
}

// warnNames says which tools have names that the client finds too long, as far
// as the names are known: from the roles, and from what the app has listed to
// any client here. The latter does not choose the entry's name, since a second
// run shall find the entry of the first.
func (o *configOptions) warnNames(p plan, c *cluster, servers []configServer) {
	if p.Limit.Harmless {
		return
	}
	for _, s := range servers {
		name := p.SafeName(o.entryName(c.leaf, s.name), s.tools...)
		tools := s.tools
		if c.from != fromFile { // connect remembers nothing of it
			tools = append(tools[:len(tools):len(tools)], o.serverMemory(c.profile.Proxy, c.leaf, s.name, o.path, nil).knownTools()...)
		}
		if long := p.Limit.TooLong(name, tools); len(long) > 0 {
			others := ""
			if n := len(long) - 1; n > 0 {
				others = fmt.Sprintf(" (and %d more)", n)
			}
			o.warn("%s%s is too long%s: %s; a shorter --name-prefix helps", p.Limit.Name(name, long[0]), others, inClient(p.Client), p.Limit.Beyond)
		}
	}
}

// warnTwice says which other entries the file has for the same servers, such as
// those of another --name-prefix.
func (o *configOptions) warnTwice(p plan, self string, c *cluster) {
	all, err := p.Entries(p.before, self)
	if err != nil {
		return // Preview has understood the file
	}
	for _, found := range all {
		if _, written := p.entries[found.Name]; written || !found.Ours || !ofCluster(found.Entry, c.profile.Proxy) || pinnedTo(found.Entry) != c.leaf {
			continue
		}
		app, _ := connectsTo(found.Entry)
		for _, e := range p.entries {
			if e.Args[1] == app {
				o.warn("%s also has %s for %s; --remove %s takes it out", p.path, found.Name, app, found.Name)
			}
		}
	}
}

// showDiff prints what a write would change.
func (o *configOptions) showDiff(w io.Writer, onTerminal bool, p plan) error {
	if bytes.Equal(p.before, p.after) {
		fmt.Fprintf(o.stderr, "%s is up to date.\n", p.path)
		return nil
	}
	old := p.path
	if p.before == nil {
		old = "/dev/null"
	}
	text := string(diff.Diff(old, p.before, p.path, p.after))
	if _, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(text, "diff ") {
		text = rest // a line that no patch needs
	}
	if onTerminal {
		text = terminal.Diff(text, o.screen().Colours())
	}
	_, err := fmt.Fprint(w, text)
	return err
}
