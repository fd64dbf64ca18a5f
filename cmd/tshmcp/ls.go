// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/inventory"
)

type lsOptions struct {
	*global
	sourceFlags
	inventory.Lister
	labels []string
}

func newLsCmd(g *global) *cobra.Command {
	o := &lsOptions{global: g}
	cmd := &cobra.Command{
		Use:     "ls [NAME ...]",
		Aliases: []string{"list"},
		Short:   "List the MCP servers you may use, with the tools your roles allow",
		Long: `ls lists the MCP servers of the cluster that you may use, with the tools that your
roles allow and deny. Names, which may be patterns such as 'grafana-*', and flags
narrow the list down. On a terminal the table is cut to fit; --format=wide shows
all of it.`,
		Example: `  tshmcp ls
  tshmcp ls 'grafana-*'
  tshmcp ls --search=metrics --labels=env=prod
  tshmcp ls --format=names`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, names []string) (err error) {
			o.Names, o.Out, o.To, o.Now = names, o.stdout, o.voice(), o.now
			if o.Labels, err = access.ParseLabels(o.labels); err != nil {
				return err
			}
			show, err := o.Show()
			if err != nil {
				return err
			}
			return o.atCluster(cmd.Context(), &o.sourceFlags, func(c *access.Cluster) error { return show(cmd.Context(), c) })
		},
	}
	flags := cmd.Flags()
	o.sourceFlags.add(flags)
	flags.StringArrayVar(&o.labels, "labels", nil, "only MCP servers with these labels, `K=V[,K=V]`")
	flags.StringVar(&o.Query, "query", "", "only MCP servers for which Teleport's predicate `expression` is true, for example 'labels[\"env\"] == \"prod\"'")
	flags.StringVar(&o.Search, "search", "", "only MCP servers with these `words` in name, description or labels")
	flags.BoolVar(&o.Requestable, "requestable", false, "list the MCP servers that you may request instead of those you may use")
	flags.StringVar(&o.Format, "format", "text", "text, wide for every column, names, json or yaml")
	return cmd
}
