// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// carryOutAll writes, prints or shows the entries. What cannot be done for one
// client does not keep the others from theirs.
func (o *configOptions) carryOutAll(ctx context.Context, p *setup.Planner, plans []setup.Plan, failed *setup.Errors, servers []setup.Server) error {
	if len(plans) > 0 {
		o.warnAll(setup.Secrets(o.Headers, o.Path))
	}
	for _, plan := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := o.carryOut(ctx, p, plan)
		if failed.Add(err); err == nil {
			o.warnAll(p.Notes(plan, servers))
			failed.Add(o.checkStart(ctx, p, plan))
		}
	}
	return failed.OrNil()
}

// checkStart starts the entries' command once, if it stands in a file now.
func (o *configOptions) checkStart(ctx context.Context, p *setup.Planner, plan setup.Plan) error {
	if o.NoCheck || o.DryRun || plan.Printed {
		return nil
	}
	return p.Check(ctx, plan)
}

func (g *global) warnAll(texts []string) {
	for _, text := range texts {
		g.voice().Warn("%s", text)
	}
}

func (o *configOptions) carryOut(ctx context.Context, p *setup.Planner, plan setup.Plan) error {
	switch {
	case plan.Printed:
		return o.printEntries(plan)
	case o.DryRun:
		return o.showDiff(o.stdout, plain.WindowOf(o.stdout).Terminal, plan)
	}
	out, err := p.Write(ctx, plan)
	if err != nil {
		return err
	}
	o.remark(p.Told(plan, out))
	return nil
}

func (g *global) remark(all []setup.Remark) {
	for _, r := range all {
		if r.Warning {
			g.voice().Warn("%s", r.Text)
		} else {
			plain.Fprintf(g.stderr, "%s\n", r.Text)
		}
	}
}

// printEntries prints what a person can paste. With several clients each says
// which one its text is for.
func (o *configOptions) printEntries(p setup.Plan) error {
	switch {
	case p.PrintOnly:
		plain.Fprintf(o.stderr, "For %s, no file is written: %s. Next: %s.\n", p.Name, p.PrintReason, p.Client.After)
	case strings.Contains(o.Clients, ","):
		plain.Fprintf(o.stderr, "For %s:\n", p.Title())
	}
	if _, err := o.stdout.Write(p.After); err != nil {
		return err
	}
	for _, command := range p.Commands {
		plain.Fprintf(o.stderr, "Or let %s write it: %s\n", p.Name, command)
	}
	return nil
}

// showDiff prints what a write would change.
func (o *configOptions) showDiff(w io.Writer, onTerminal bool, p setup.Plan) error {
	if bytes.Equal(p.Before, p.After) {
		plain.Fprintf(o.stderr, "%s is up to date.\n", p.File)
		return nil
	}
	text := p.Diff()
	if onTerminal {
		w, text = plain.Raw(w), terminal.Diff(text, o.screen().Colours())
	}
	_, err := io.WriteString(w, text)
	return err
}
