// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"context"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// pick asks a person for what the flags did not say: for servers, of all there are,
// and for clients.
func (j *Job) pick(ctx context.Context, c *access.Cluster, p *setup.Planner, all []setup.Server, targets []setup.Target) (picked, error) {
	ask := &picker{planner: p, screen: j.Screen, cluster: c.Name(), clients: targets, named: j.Clients != "" || j.Print}
	if !ask.named {
		found, leftOut, err := j.Targets(j.Machine).Installed()
		if err != nil {
			return picked{}, err
		}
		for _, err := range leftOut {
			j.To.Warn("left out: %v", err)
		}
		if ask.clients = found; len(found) == 0 {
			j.To.Warn("no MCP client was found on this machine, so here is the entry to paste; --client-config=CLIENT or =FILE writes it")
			j.Print, p.Print, ask.named, ask.clients = true, true, true, targets
		}
	}
	return ask.pick(ctx, all)
}

// confirm shows what would change in which files and asks whether it shall, if
// something would be written.
func (j *Job) confirm(ctx context.Context, plans []setup.Plan, failed *setup.Errors) error {
	for _, err := range failed.Errs {
		j.To.Warn("left out: %v", err)
	}
	changes := slices.DeleteFunc(slices.Clone(plans), func(p setup.Plan) bool { return !p.Changes() })
	if len(changes) == 0 || j.DryRun {
		return nil
	}
	var diff strings.Builder
	for _, p := range changes {
		diff.WriteString(p.Diff())
	}
	return j.Screen.Confirm(ctx, diff.String(), setup.Question(changes))
}
