// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// startTime bounds the start of an entry's command, which only has to say its
// version.
const startTime = 15 * time.Second

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

func (m *Machine) start(ctx context.Context, command string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	out, err := m.Run(ctx, command, "--version")
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("it did not answer within %v", startTime)
	case err != nil:
		return err
	case !strings.HasPrefix(out, "tshmcp "):
		return errors.New("it is another program, or says nothing")
	}
	return nil
}
