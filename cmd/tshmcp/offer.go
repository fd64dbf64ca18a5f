// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/loginflow"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// offerLogin carries something out that needs a login. Where that is missing, or
// has expired, a person at a terminal may sign in, and it is carried out again.
// Nobody is asked where the output goes into a pipe.
func offerLogin(ctx context.Context, g *global, flags *sourceFlags, do func() error) error {
	err := do()
	missing := loginflow.Missing(err)
	if missing == nil || !plain.WindowOf(g.stdout).Terminal || !g.screen().Attended() {
		return err
	}
	tty, leave, failed := terminal.Open()
	if failed != nil {
		return err
	}
	defer leave()
	proxy, failed := loginflow.Offer(ctx, tty, missing)
	if failed != nil || proxy == "" {
		return cmp.Or(failed, err)
	}
	o := &loginOptions{global: g, sourceFlags: *flags}
	o.Proxy, o.Leaf, o.Identity = proxy, "", ""
	if err := o.run(ctx); err != nil {
		return err
	}
	return do()
}

// atCluster does something at the cluster that the flags name, for which a person
// may sign in first.
func (g *global) atCluster(ctx context.Context, flags *sourceFlags, do func(*access.Cluster) error) error {
	return offerLogin(ctx, g, flags, func() error {
		c, err := g.openCluster(ctx, flags)
		if err != nil {
			return err
		}
		return do(c)
	})
}
