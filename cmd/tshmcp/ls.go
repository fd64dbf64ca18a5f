// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
)

type lsOptions struct {
	*global
	sourceFlags
	filter inventory.Filter
	labels []string
	format string
	cut    bool // the table did not fit

	requestable bool
}

func newLsCmd(g *global) *cobra.Command {
	o := &lsOptions{global: g}
	cmd := &cobra.Command{
		Use:     "ls [NAME ...]",
		Aliases: []string{"list"},
		Short:   "List the MCP servers you may use, with the tools your roles allow",
		Long: `ls lists the MCP servers of the cluster that you may use, with the tools that your
roles allow and deny. Names, which may be patterns such as 'grafana-*', and flags
narrow the list down. On a terminal the table is made to fit; --format=wide shows
all of it.`,
		Example: `  tshmcp ls
  tshmcp ls 'grafana-*'
  tshmcp ls --search=metrics --labels=env=prod
  tshmcp ls --format=names`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, names []string) (err error) {
			o.filter.Names = names
			if o.filter.Labels, err = access.ParseLabels(o.labels); err != nil {
				return err
			}
			if o.requestable {
				return o.runRequestable(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	o.sourceFlags.add(flags)
	flags.StringArrayVar(&o.labels, "labels", nil, "only MCP servers with these labels, `K=V[,K=V]`")
	flags.StringVar(&o.filter.Query, "query", "", "only MCP servers for which Teleport's predicate `expression` is true, for example 'labels[\"env\"] == \"prod\"'")
	flags.StringVar(&o.filter.Search, "search", "", "only MCP servers with these `words` in name, description or labels")
	flags.BoolVar(&o.requestable, "requestable", false, "list the MCP servers that you may not use and may request")
	flags.StringVar(&o.format, "format", "text", "text, wide for every column, names, json or yaml")
	return cmd
}

func (o *lsOptions) run(ctx context.Context) error {
	print, err := printer(o.format, o.printServers,
		layout[[]inventory.Server]{"wide", o.printWide}, layout[[]inventory.Server]{"names", inventory.Names})
	if err != nil {
		return err
	}
	return o.atCluster(ctx, &o.sourceFlags, func(c *access.Cluster) error { return o.list(ctx, c, print) })
}

func (o *lsOptions) list(ctx context.Context, c *access.Cluster, print func(io.Writer, []inventory.Server) error) error {
	found, err := inventory.List(ctx, c, o.filter)
	if found == nil {
		return err
	}
	switch {
	case err != nil && len(found.Servers) == 0:
		return err
	case found.Total == 0 && o.filter.Query == "":
		plain.Fprintf(o.stderr, "tshmcp: %s has no MCP server that %s may use.\ntshmcp: hint: %s\n", c.Name(), c.Profile.Username, inventory.WhyNone(ctx, c))
	case len(found.Servers) == 0:
		plain.Fprintf(o.stderr, "tshmcp: no MCP server of %s matches.\n", c.Name())
	}
	if err := print(o.stdout, found.Servers); err != nil {
		return err
	}
	if o.window().Terminal && (o.format == "text" || o.format == "wide") && len(found.Servers) > 0 {
		sum := found.Sum(c.Name())
		if o.cut {
			sum += "; --format=wide shows what is cut"
		}
		plain.Fprintf(o.stdout, "\n")
		_, _ = io.WriteString(o.stdout, plain.WrapFor(o.stdout, sum))
	}
	return err
}

func (o *lsOptions) runRequestable(ctx context.Context) error {
	print, err := printer(o.format, inventory.RequestableTable)
	if err != nil {
		return err
	}
	return o.atCluster(ctx, &o.sourceFlags, func(c *access.Cluster) error {
		servers, roles, err := inventory.Requestable(ctx, c)
		if err != nil {
			return err
		}
		if len(servers) == 0 {
			plain.Fprintf(o.stderr, "tshmcp: %s has no MCP server that %s may request.\n", c.Name(), c.Profile.Username)
		}
		if len(roles) > 0 {
			plain.Fprintf(o.stderr, "tshmcp: hint: roles that you may request: %s\n", strings.Join(roles, ", "))
		}
		return print(o.stdout, servers)
	})
}

// printServers writes what fits.
func (o *lsOptions) printServers(w io.Writer, servers []inventory.Server) (err error) {
	o.cut, err = inventory.ServerTable(w, servers, o.now())
	return err
}

// printWide writes every column, and cuts none.
func (o *lsOptions) printWide(w io.Writer, servers []inventory.Server) error {
	return inventory.WideTable(w, servers, o.now())
}
