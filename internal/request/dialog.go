// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"context"
	"io"
	"time"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Dialog does at a desk what a person asks for, and tells them what came of it. It
// is the [Progress] of a wait. All of it must be set.
type Dialog struct {
	*Desk
	Out io.Writer // for ids and tables
	To  plain.Voice
}

// Create makes a request and prints its id, or with wait stays until it is decided
// and takes it up.
func (d *Dialog) Create(ctx context.Context, asked Asked, wait bool) error {
	made, err := d.Desk.Create(ctx, asked)
	if err != nil {
		return err
	}
	if err := plain.Fprintf(d.Out, "%s\n", made.ID); err != nil {
		return err
	}
	d.To.Line("%s", madeText(made))
	if wait {
		return d.Assume(ctx, made.ID, true)
	}
	d.tellHow(made.ID)
	return nil
}

// List prints the user's requests.
func (d *Dialog) List(ctx context.Context, print format.Print[[]Entry]) error {
	all, err := d.Desk.List(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		d.To.Say("you have no access requests in %s.", d.Cluster.Name())
	}
	return print(d.Out, all)
}

// Assume takes a request up, with wait once it is decided.
func (d *Dialog) Assume(ctx context.Context, id string, wait bool) error {
	if wait {
		if err := d.await(ctx, id); err != nil {
			return err
		}
	}
	a, err := d.Desk.Assume(ctx, id)
	if err != nil {
		return err
	}
	d.To.Line("%s\nRunning MCP clients use it from now on; to stop using it: %s", inventory.NewAssumed(*a).Text(d.Now()), d.dropCommand(id))
	return nil
}

// Drop gives up what was assumed by a request, or all of it where id is empty.
func (d *Dialog) Drop(ctx context.Context, id string) error {
	dropped, err := d.Desk.Drop(ctx, id)
	for _, id := range dropped {
		d.To.Line("Access request %s was dropped.", id)
	}
	return err
}

// await waits for the decision.
func (d *Dialog) await(ctx context.Context, id string) error {
	d.To.Line("Waiting until it is approved. Ctrl-C ends the wait, not the request.")
	_, err := d.Wait(ctx, id, d)
	if err != nil && ctx.Err() != nil {
		d.To.Line("\nAccess request %s stays as it is.", id)
		d.tellHow(id)
	}
	return err
}

// tellHow says how to go on with a request.
func (d *Dialog) tellHow(id string) {
	d.To.Hint("to wait for the decision and assume it: %s", d.waitCommand(id))
}

// Reviewed is part of Progress.
func (d *Dialog) Reviewed(r Review) { d.To.Line("%s", r.text()) }

// StillWaiting is part of Progress.
func (d *Dialog) StillWaiting(since time.Duration, err error) {
	if err != nil {
		d.To.Line("Still waiting (%s); the cluster cannot be reached now: %v", inventory.Span(since), err)
		return
	}
	d.To.Line("Still waiting (%s).", inventory.Span(since))
}
