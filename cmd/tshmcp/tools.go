// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

type toolsOptions struct {
	*global
	serverFlags
	format string
}

func newToolsCmd(g *global) *cobra.Command {
	o := &toolsOptions{global: g}
	cmd := &cobra.Command{
		Use:   "tools NAME [TOOL ...]",
		Short: "List the tools of an MCP server, or the arguments of some",
		Long: `tools asks an MCP server for its tools, as a client would, and the cluster for the
role that allows each of them. Teleport shows only what your roles allow: a tool
that is missing here is denied, or the server does not have it. With names of tools
it shows their arguments.`,
		Example: `  tshmcp tools grafana-mcp                        # all tools; a star marks required arguments
  tshmcp tools grafana-mcp query_prometheus       # one tool with all its arguments
  tshmcp tools grafana-mcp --format=json          # with the schemas, for programs`,
		Args: args(serverArgs(-1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			o.App = names[0]
			list := toolcall.Lister{
				App: o.App, Tools: names[1:], Format: o.format, Out: o.stdout, To: o.voice(),
				Open: func(ctx context.Context) (*toolcall.Session, error) { return o.attended(ctx, &o.serverFlags) },
			}
			show, err := list.Show()
			if err != nil {
				return err
			}
			return o.atCluster(cmd.Context(), &o.sourceFlags, func(c *access.Cluster) error { return show(cmd.Context(), c) })
		},
	}
	o.serverFlags.add(cmd)
	addFormat(cmd.Flags(), &o.format)
	return cmd
}
