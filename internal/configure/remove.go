// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/setup"
)

// remove takes entries out of the files. It asks no cluster.
func (j *Job) remove(ctx context.Context, targets []setup.Target) error {
	proxy, err := j.Flags.Only(&j.Machine.Env, j.Clusters)
	if err != nil {
		return err
	}
	leaf, err := j.Flags.OnlyCluster(&j.Machine.Env)
	if err != nil {
		return err
	}
	r, err := j.Removal(j.Machine, proxy, leaf, j.rootOf)
	if err != nil {
		return err
	}
	plans, failed := r.Plans(ctx, targets)
	for _, p := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed.Add(j.removeFrom(ctx, r, p))
	}
	return failed.OrNil()
}

// rootOf is the name of the root cluster of the login to a proxy, if there is one.
func (j *Job) rootOf(proxy string) string {
	p, err := j.Clusters.Store.Profile(proxy)
	if err != nil {
		return ""
	}
	return p.Cluster
}

func (j *Job) removeFrom(ctx context.Context, r *setup.Removal, p setup.Plan) error {
	switch {
	case len(p.Removed) == 0:
		j.To.Line("%s has nothing to remove.", p.File)
		return nil
	case j.DryRun:
		return j.showDiff(j.Out, p)
	}
	out, err := r.Carry(ctx, p)
	if err != nil {
		return err
	}
	j.remark(r.Told(p, out))
	return nil
}
