// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/loginflow"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// offerLogin is [loginflow.Offer] for what a command does at the cluster that the flags
// name. Nobody is asked where the output goes into a pipe.
func offerLogin(ctx context.Context, g *global, flags *sourceFlags, do func() error) error {
	return loginflow.Offer{
		Attended: plain.WindowOf(g.stdout).Terminal && g.screen().Attended(),
		Terminal: func() (loginflow.Terminal, func() error, error) { return terminal.Open() },
		SignIn: func(ctx context.Context, proxy string) error {
			o := &loginOptions{global: g, sourceFlags: *flags}
			o.Proxy, o.Leaf, o.Identity = proxy, "", ""
			return o.run(ctx)
		},
		Cluster: func() (*access.Cluster, error) { return g.openCluster(ctx, flags) },
		Gate: func() *signin.Gate {
			source := access.Source{Insecure: flags.Insecure}
			return &signin.Gate{Clusters: g.clusters(), Source: source, Dir: g.StateDir(), Now: g.now, Closed: g.noBrowserUnasked, Confirm: confirm(g, loginflow.Flow{})}
		},
	}.Do(ctx, do)
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
