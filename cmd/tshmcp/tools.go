// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/format"
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
that is missing here is denied, or the server does not have it. With the names of
tools it shows their arguments.`,
		Example: `  tshmcp tools grafana-mcp                        # a table of all; a star marks required arguments
  tshmcp tools grafana-mcp query_prometheus       # one tool with all its arguments
  tshmcp tools grafana-mcp --format=json          # with the schemas, for programs`,
		Args: args(serverArgs(-1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			o.App = names[0]
			return o.run(cmd.Context(), names[1:])
		},
	}
	o.serverFlags.add(cmd)
	cmd.Flags().StringVar(&o.format, "format", "text", "text, json or yaml")
	return cmd
}

func (o *toolsOptions) run(ctx context.Context, names []string) error {
	text := toolcall.Table
	if len(names) > 0 {
		text = toolcall.Details
	}
	print, err := format.Printer(o.format, text)
	if err != nil {
		return err
	}
	return o.atCluster(ctx, &o.sourceFlags, func(c *access.Cluster) error { return o.list(ctx, c, names, print) })
}

func (o *toolsOptions) list(ctx context.Context, c *access.Cluster, names []string, print func(io.Writer, *toolcall.Listing) error) error {
	list, unjudged, err := toolcall.List(ctx, c, o.App, func(ctx context.Context) (*toolcall.Session, error) {
		return o.session(ctx, &o.serverFlags, toolcall.Client{})
	})
	if err != nil {
		return err
	}
	if list, err = list.Only(names, func() (*toolcall.Rules, error) { return toolcall.RulesOf(ctx, c, o.App) }); err != nil {
		return err
	}
	if unjudged != nil {
		o.voice().Warn("which of your roles allow them is not known: %v", unjudged)
	}
	if len(list.Tools) == 0 {
		o.voice().Say("%s has no tool that you may use.", o.App)
		o.voice().Hint("a role needs mcp.tools for the labels of that app; tshmcp ls shows what yours allow")
		if list.Request != "" {
			o.voice().Hint("%s", access.OfferHint(list.Request))
		}
	}
	return print(o.stdout, list)
}
