// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Plan is what one target gets, or loses.
type Plan struct {
	Target
	Printed           bool // the entries are for pasting
	Entries           map[string]clientcfg.Entry
	Removed           []string // names of entries
	clientcfg.Planned          // After is the text to paste, if it is Printed
	Commands          []string // command lines with which the client's own tool makes the entries
	LeftOut           []error  // servers that get no entry, unless that is among the errors

	launch launch
	found  []clientcfg.Found // what the file has
	names  map[string]string // of the entries, by server
	aside  []string          // sentences about names that were taken
}

// Job is what is wanted of one target.
type Job struct {
	Target
	Servers []Server // that get entries
	Drop    []string // servers whose entries go
}

// Jobs want the same of all targets.
func Jobs(targets []Target, servers []Server) []Job {
	var all []Job
	for _, t := range targets {
		all = append(all, Job{Target: t, Servers: servers})
	}
	return all
}

// Plans looks at all files before the first is written. What cannot be done for
// one client, or one server, does not keep the others from theirs.
func (p *Planner) Plans(ctx context.Context, jobs []Job) ([]Plan, *Errors) {
	var plans []Plan
	failed := &Errors{}
	for _, job := range jobs {
		if ctx.Err() != nil {
			return nil, &Errors{Errs: []error{ctx.Err()}}
		}
		plan, err := p.plan(ctx, job)
		if failed.Add(err); err != nil {
			continue
		}
		if p.ByName || len(plan.Entries) == 0 {
			failed.Errs = append(failed.Errs, plan.LeftOut...)
			plan.LeftOut = nil
		}
		if len(plan.Entries)+len(plan.Removed) > 0 {
			plans = append(plans, plan)
		}
	}
	return plans, failed
}

func (p *Planner) plan(ctx context.Context, job Job) (Plan, error) {
	t := job.Target
	plan := Plan{Target: t, Printed: p.Print || t.File == ""}
	if t.Err != nil {
		return plan, t.Err
	}
	var err error
	if plan.launch, err = launchFor(p, t); err != nil {
		return plan, err
	}
	if !plan.Printed {
		if plan.found, err = t.EntriesOf(t.File, p.wanted(t, job.Servers), p.Options.Self); err != nil {
			return plan, inFile(Reading, err)
		}
	}
	c := p.choose(t, plan.launch, job.Servers, plan.found)
	plan.Entries, plan.names, plan.LeftOut, plan.aside = c.entries, c.names, c.leftOut, c.aside
	plan.Removed = p.entriesFor(plan.found, job.Drop)
	if len(plan.Entries)+len(plan.Removed) == 0 {
		return plan, nil
	}
	for _, name := range plan.written() {
		if command := vendorCommand(p.Machine.GOOS, t.Client, name, plan.Entries[name]); command != "" && !t.Shared {
			plan.Commands = append(plan.Commands, command)
		}
	}
	if plan.Printed {
		plan.After, err = t.RenderAll(plan.Entries, p.Options)
	} else {
		plan.Planned, err = t.Preview(ctx, t.File, plan.Entries, plan.options(p.Options))
	}
	return plan, inFile(Reading, err)
}

// SetUp are the servers of the cluster that a target has entries for. A file that
// cannot be read has none: a plan says why.
func (p *Planner) SetUp(t Target) []string {
	if t.File == "" || t.Err != nil {
		return nil
	}
	found, err := t.EntriesOf(t.File, nil, p.Options.Self)
	if err != nil {
		return nil
	}
	var all []string
	for _, f := range found {
		if app, ok := p.appOf(f); ok {
			all = append(all, app)
		}
	}
	return all
}

// appOf is the app of the cluster that an entry of ours leads to, if it does.
func (p *Planner) appOf(f clientcfg.Found) (app string, ok bool) {
	g, ok := goalOf(f.Entry)
	return g.app, ok && f.Ours && g.is(goal{sameProxy(p.Cluster.Proxy), p.Cluster.Leaf, g.app})
}

// entriesFor are the names of the entries that lead to some of the cluster's servers.
func (p *Planner) entriesFor(found []clientcfg.Found, servers []string) []string {
	var names []string
	for _, f := range found {
		if app, ok := p.appOf(f); ok && slices.Contains(servers, app) {
			names = append(names, f.Name)
		}
	}
	return names
}

// options are those for one file.
func (t Target) options(o clientcfg.Options) clientcfg.Options {
	o.Shared, o.Within = t.Shared, t.Root
	return o
}

// options are those for the file of a plan, with what is taken out.
func (p Plan) options(o clientcfg.Options) clientcfg.Options {
	o.Remove = p.Removed
	return p.Target.options(o)
}

// written are those of the entries.
func (p Plan) written() []string { return slices.Sorted(maps.Keys(p.Entries)) }

// Changes reports whether a file would be changed.
func (p Plan) Changes() bool { return !p.Printed && !bytes.Equal(p.Before, p.After) }

// Diff is what would change in the file, for patch.
func (p Plan) Diff() string {
	old := p.File
	if p.Before == nil {
		old = "/dev/null"
	}
	text := string(diff.Diff(old, p.Before, p.File, p.After))
	if _, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(text, "diff ") {
		return rest // without a line that no patch needs
	}
	return text
}
