// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Outcome is what happened to one file.
type Outcome struct {
	clientcfg.Result
	Names   []string // entries that were written, or removed
	Managed string   // what a file of the administrator's does to the entries; "" if there is none
	Running bool     // the client seems to run, and may write its own copy over the change
}

// Write carries out a plan.
func (p *Planner) Write(ctx context.Context, plan Plan) (Outcome, error) {
	// Before ours is there: one that counts until then is named, too.
	file, effect := plan.Managed(p.Machine.clientEnv())
	options := plan.options(p.Options)
	options.Planned = &plan.Planned
	result, err := plan.WriteContext(ctx, plan.File, plan.Entries, options)
	if errors.Is(err, clientcfg.ErrBusy) {
		return Outcome{}, &FileError{Doing: Writing, Err: err, Commands: plan.Commands}
	}
	if err != nil {
		return Outcome{}, inFile(Writing, err)
	}
	out := outcome(ctx, p.Machine, plan, result)
	out.Names = plan.written()
	if file != "" {
		out.Managed = file + ": " + effect
	}
	return out, nil
}

// Told says what came of a plan, and what is to be done next.
func (p *Planner) Told(plan Plan, out Outcome) []Remark {
	if !out.Changed {
		return []Remark{say("%s is up to date.", out.Path)}
	}
	off := map[string]bool{}
	for _, s := range p.off(plan) {
		off[s.Name] = !s.Partly
	}
	all := taken(plan.Removed, out.Path)
	for _, name := range out.Names {
		where := out.Path
		if off[name] {
			where += ", where it is switched off"
		}
		all = append(all, say("Wrote %s to %s.", name, where))
	}
	if out.Managed != "" {
		all = append(all, warn("%s", out.Managed))
	}
	all = append(all, afterwards(plan, out)...)
	if why, nothing := strings.CutPrefix(plan.Client.After, "nothing: "); nothing {
		all = append(all, say("%s.", why))
	} else if plan.Client.After != "" {
		all = append(all, say("Next: %s.", plan.Client.After))
	}
	return all
}

func outcome(ctx context.Context, m *Machine, plan Plan, result clientcfg.Result) Outcome {
	return Outcome{Result: result, Running: result.Changed && m.Runs(ctx, plan.Target)}
}

// Check starts the command of a plan's entries once, as far as it is on this
// system, and wants to hear its version. The same command is started once only.
func (p *Planner) Check(ctx context.Context, plan Plan) error {
	for _, e := range plan.Entries {
		inner := e.Started()
		err := p.started.start(ctx, p.Machine, inner.Command)
		if err != nil && ctx.Err() == nil {
			err = &StartError{File: plan.File, Command: []string{inner.Command, "--version"}, Err: err}
		}
		return err // all have the same command
	}
	return nil
}
