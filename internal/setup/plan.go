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
}

// Plans looks at all files before the first is written. What cannot be done for
// one client does not keep the others from theirs.
func (p *Planner) Plans(ctx context.Context, targets []Target, servers []Server) ([]Plan, *Errors) {
	var plans []Plan
	failed := &Errors{}
	for _, t := range targets {
		if ctx.Err() != nil {
			return nil, &Errors{Errs: []error{ctx.Err()}}
		}
		plan, err := p.plan(ctx, t, servers)
		if failed.Add(err); err == nil {
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
	if plan.Entries, err = p.entries(t.Client, servers); err != nil {
		return plan, err
	}
	for _, name := range plan.Names() {
		if command := vendorCommand(p.Machine.GOOS, t.Client, name, plan.Entries[name]); command != "" {
			plan.Commands = append(plan.Commands, command)
		}
	}
	if plan.Printed {
		plan.After, err = t.RenderAll(plan.Entries, p.Options)
	} else {
		plan.Planned, err = t.Preview(ctx, t.File, plan.Entries, p.Options)
	}
	return plan, inFile(err)
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
