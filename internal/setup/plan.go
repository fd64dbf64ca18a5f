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

// Plans looks at all files before the first is written. What cannot be done for
// one client, or one server, does not keep the others from theirs.
func (p *Planner) Plans(ctx context.Context, targets []Target, servers []Server) ([]Plan, *Errors) {
	var plans []Plan
	failed := &Errors{}
	for _, t := range targets {
		if ctx.Err() != nil {
			return nil, &Errors{Errs: []error{ctx.Err()}}
		}
		plan, err := p.plan(ctx, t, servers)
		if failed.Add(err); err != nil {
			continue
		}
		if p.ByName || len(plan.Entries) == 0 {
			failed.Errs = append(failed.Errs, plan.LeftOut...)
			plan.LeftOut = nil
		}
		if len(plan.Entries) > 0 {
			plans = append(plans, plan)
		}
	}
	return plans, failed
}

func (p *Planner) plan(ctx context.Context, t Target, servers []Server) (Plan, error) {
	plan := Plan{Target: t, Printed: p.Print || t.File == ""}
	if t.Err != nil {
		return plan, t.Err
	}
	var err error
	if plan.launch, err = launchFor(p, t); err != nil {
		return plan, err
	}
	if !plan.Printed {
		if plan.found, err = t.EntriesOf(t.File, p.Options.Self); err != nil {
			return plan, inFile(Reading, err)
		}
	}
	c := p.choose(t, plan.launch, servers, plan.found)
	plan.Entries, plan.names, plan.LeftOut, plan.aside = c.entries, c.names, c.leftOut, c.aside
	if len(plan.Entries) == 0 {
		return plan, nil
	}
	for _, name := range plan.Names() {
		if command := vendorCommand(p.Machine.GOOS, t.Client, name, plan.Entries[name]); command != "" && !t.Shared {
			plan.Commands = append(plan.Commands, command)
		}
	}
	if plan.Printed {
		plan.After, err = t.RenderAll(plan.Entries, p.Options)
	} else {
		plan.Planned, err = t.Preview(ctx, t.File, plan.Entries, t.options(p.Options))
	}
	return plan, inFile(Reading, err)
}

// options are those for one file.
func (t Target) options(o clientcfg.Options) clientcfg.Options {
	o.Shared, o.Within = t.Shared, t.Root
	return o
}

// Names are those of the entries.
func (p Plan) Names() []string { return slices.Sorted(maps.Keys(p.Entries)) }

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
