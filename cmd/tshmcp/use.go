// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/settings"
)

func newUseCmd(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "use CLUSTER",
		Short: "Choose the cluster that the other commands use by default",
		Long: `use makes the login to a cluster the default; name the cluster or its proxy's
address. tshmcp status lists the logins and marks the default. Entries of MCP
clients name their proxy and are not affected.`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			return use(cmd.Context(), g, names[0])
		},
	}
}

func use(ctx context.Context, g *global, name string) error {
	p, err := access.Use(ctx, g.store(), name)
	if err != nil {
		return err
	}
	g.voice().Line("The default is now %s (%s) as %s.", p.Cluster, p.Proxy, p.Username)
	if by := settings.ProxyVariable(&g.Env); by != "" {
		g.voice().Warn("%s is set, and takes precedence over the default", by)
	}
	return nil
}
