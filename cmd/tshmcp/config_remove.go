// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// removeEntries takes entries out of the files.
func (o *configOptions) removeEntries(ctx context.Context, targets []setup.Target) error {
	proxy, err := o.Only(&o.Env, o.clusters())
	if err != nil {
		return err
	}
	leaf, err := o.OnlyCluster(&o.Env)
	if err != nil {
		return err
	}
	r, err := o.Removal(o.machine(), proxy, leaf, o.rootOf)
	if err != nil {
		return err
	}
	plans, failed := r.Plans(ctx, targets)
	for _, p := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed.Add(o.removeFrom(ctx, r, p))
	}
	return failed.OrNil()
}

// rootOf is the name of the root cluster of the login to a proxy, if there is one.
func (o *configOptions) rootOf(proxy string) string {
	p, err := o.store().Profile(proxy)
	if err != nil {
		return ""
	}
	return p.Cluster
}

func (o *configOptions) removeFrom(ctx context.Context, r *setup.Removal, p setup.Plan) error {
	switch {
	case len(p.Removed) == 0:
		plain.Fprintf(o.stderr, "%s has nothing to remove.\n", p.File)
		return nil
	case o.DryRun:
		return o.showDiff(o.stdout, plain.WindowOf(o.stdout).Terminal, p)
	}
	out, err := r.Carry(ctx, p)
	if err != nil {
		return err
	}
	o.remark(r.Told(p, out))
	return nil
}
