// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"

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
	out.Names = plan.Names()
	if file != "" {
		out.Managed = file + ": " + effect
	}
	return out, nil
}

func outcome(ctx context.Context, m *Machine, plan Plan, result clientcfg.Result) Outcome {
	names := plan.Processes[m.GOOS]
	return Outcome{Result: result, Running: result.Changed && len(names) > 0 && runs(ctx, m.GOOS, names)}
}

// Check starts the command of a plan's entries once, as far as it is on this
// system, and wants to hear its version. The same command is started once only.
func (p *Planner) Check(ctx context.Context, plan Plan) error {
	for _, e := range plan.Entries {
		inner := e.Started()
		err, done := p.started[inner.Command]
		if !done {
			err = p.Machine.start(ctx, inner.Command)
			if p.started == nil {
				p.started = map[string]error{}
			}
			p.started[inner.Command] = err
		}
		if err != nil && ctx.Err() == nil {
			err = &StartError{File: plan.File, Command: []string{inner.Command, "--version"}, Err: err}
		}
		return err // all have the same command
	}
	return nil
}
