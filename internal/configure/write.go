// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"context"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// write writes, prints or shows the entries that the flags or a person chose.
func (j *Job) write(ctx context.Context, c *access.Cluster, targets []setup.Target) error {
	servers, leftOut, err := j.Servers(ctx, c)
	for _, err := range leftOut {
		j.To.Warn("left out: %v", err)
	}
	if err != nil {
		return err
	}
	planner, err := j.Planner(j.Machine, c, j.Flags)
	if err != nil {
		return err
	}
	if j.Picks() {
		return j.writePicked(ctx, c, planner, servers, targets)
	}
	plans, failed := planner.Plans(ctx, setup.Jobs(targets, servers))
	return j.carryOutAll(ctx, planner, plans, failed, servers)
}

// writePicked writes what a person picks, after a yes, and says how the same is done
// without questions.
func (j *Job) writePicked(ctx context.Context, c *access.Cluster, planner *setup.Planner, servers []setup.Server, targets []setup.Target) error {
	picked, err := j.pick(ctx, c, planner, servers, targets)
	if err != nil {
		return err
	}
	plans, failed := planner.Plans(ctx, picked.jobs)
	if len(plans)+len(failed.Errs) == 0 {
		j.To.Line("Nothing to change.")
	}
	if err = j.confirm(ctx, plans, failed); err == nil {
		err = j.carryOutAll(ctx, planner, plans, failed, picked.servers)
	}
	if commands := picked.commands(planner, j.Given); err == nil && len(commands) > 0 {
		j.To.Line("\nThe same without questions:")
		for _, command := range commands {
			j.To.Line("  %s", command)
		}
	}
	return err
}

// carryOutAll writes, prints or shows the entries. What cannot be done for one
// client does not keep the others from theirs.
func (j *Job) carryOutAll(ctx context.Context, p *setup.Planner, plans []setup.Plan, failed *setup.Errors, servers []setup.Server) error {
	if len(plans) > 0 {
		j.warnAll(setup.Secrets(j.Headers, j.Path))
	}
	for _, plan := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := j.carryOut(ctx, p, plan)
		if failed.Add(err); err == nil {
			j.warnAll(p.Notes(plan, servers))
			failed.Add(j.checkStart(ctx, p, plan))
		}
	}
	return failed.OrNil()
}

// checkStart starts the entries' command once, if it stands in a file now.
func (j *Job) checkStart(ctx context.Context, p *setup.Planner, plan setup.Plan) error {
	if j.NoCheck || j.DryRun || plan.Printed {
		return nil
	}
	return p.Check(ctx, plan)
}

func (j *Job) carryOut(ctx context.Context, p *setup.Planner, plan setup.Plan) error {
	switch {
	case plan.Printed:
		return j.printEntries(plan)
	case j.DryRun:
		return j.showDiff(j.Out, plan)
	}
	out, err := p.Write(ctx, plan)
	if err != nil {
		return err
	}
	j.remark(p.Told(plan, out))
	return nil
}

// printEntries prints what a person can paste. With several clients each says
// which one its text is for.
func (j *Job) printEntries(p setup.Plan) error {
	switch {
	case p.PrintOnly:
		j.To.Line("For %s, no file is written: %s. Next: %s.", p.Name, p.PrintReason, p.Client.After)
	case strings.Contains(j.Clients, ","):
		j.To.Line("For %s:", p.Title())
	}
	if _, err := j.Out.Write(p.After); err != nil {
		return err
	}
	for _, command := range p.Commands {
		j.To.Line("Or let %s write it: %s", p.Name, command)
	}
	return nil
}
