// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
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
	g.completeLeaf(cmd, &o.sourceFlags)
	flags.StringArrayVar(&o.labels, "labels", nil, "only MCP servers with these labels, `K=V[,K=V]`")
	flags.StringVar(&o.filter.Query, "query", "", "only MCP servers for which Teleport's predicate `expression` is true, for example 'labels[\"env\"] == \"prod\"'")
	flags.StringVar(&o.filter.Search, "search", "", "only MCP servers with these `words` in name, description or labels")
	flags.BoolVar(&o.requestable, "requestable", false, "list the MCP servers that you may not use and may request")
	flags.StringVar(&o.format, "format", "text", "text, wide for every column, names, json or yaml")
	return cmd
}

func (o *lsOptions) run(ctx context.Context) error {
	print, err := printer(o.format, o.printServers,
		layout[[]inventory.Server]{"wide", o.printWide}, layout[[]inventory.Server]{"names", printNames})
	if err != nil {
		return err
	}
	return offerLogin(ctx, o.global, &o.sourceFlags, func() error { return o.list(ctx, print) })
}

func (o *lsOptions) list(ctx context.Context, print func(io.Writer, []inventory.Server) error) error {
	c, err := o.openCluster(ctx, &o.sourceFlags)
	if err != nil {
		return err
	}
	found, err := inventory.List(ctx, c, o.filter)
	if found == nil {
		return err
	}
	switch {
	case err != nil && len(found.Servers) == 0:
		return err
	case found.Total == 0 && o.filter.Query == "":
		o.explainNone(ctx, c)
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
	print, err := printer(o.format, printRequestable)
	if err != nil {
		return err
	}
	return offerLogin(ctx, o.global, &o.sourceFlags, func() error { return o.listRequestable(ctx, print) })
}

func (o *lsOptions) listRequestable(ctx context.Context, print func(io.Writer, []inventory.RequestableServer) error) error {
	c, err := o.openCluster(ctx, &o.sourceFlags)
	if err != nil {
		return err
	}
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
}

func printRequestable(w io.Writer, servers []inventory.RequestableServer) error {
	if len(servers) == 0 {
		return nil
	}
	t := plain.NewTable(w, "NAME", "DESCRIPTION", "TYPE", "LABELS")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, inventory.LabelsText(s.Labels))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return plain.Fprintf(w, "\nTo request one: tshmcp request create NAME --reason='why you need it' --wait\n")
}

func printNames(w io.Writer, servers []inventory.Server) error {
	for _, s := range servers {
		if err := plain.Fprintf(w, "%s\n", s.Name); err != nil {
			return err
		}
	}
	return nil
}

func (o *lsOptions) printServers(w io.Writer, servers []inventory.Server) error {
	if len(servers) == 0 {
		return nil
	}
	t := plain.NewTable(w, "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "LABELS")
	t.Spare("LABELS", "TYPE", "DESCRIPTION")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, s.ToolsText(), inventory.LabelsText(s.Labels))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	o.cut = t.Cut()
	return printNotes(w, servers, o.now())
}

// printWide writes every column, and cuts none.
func (o *lsOptions) printWide(w io.Writer, servers []inventory.Server) error {
	if len(servers) == 0 {
		return nil
	}
	t := plain.NewTable(plain.Unbounded(w), "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "DENIED TOOLS", "LABELS", "CLUSTER", "URI")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, s.AllowedText(),
			strings.Join(s.DeniedTools, ", "), inventory.LabelsText(s.Labels), s.Cluster, s.URI)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return printNotes(w, servers, o.now())
}

// printNotes explains the marks of the tools column.
func printNotes(w io.Writer, servers []inventory.Server, now time.Time) error {
	notes := inventory.Notes(servers, func(end time.Time) string { return validity(end, now) })
	text := ""
	for i, note := range notes {
		if i == 0 {
			text = "\n"
		}
		text += plain.WrapFor(w, note+"\n")
	}
	_, err := io.WriteString(w, text)
	return err
}

// explainNone tells a user who sees no MCP server why that may be.
func (o *lsOptions) explainNone(ctx context.Context, c *access.Cluster) {
	plain.Fprintf(o.stderr, "tshmcp: %s has no MCP server that %s may use.\n", c.Name(), c.Profile.Username)
	if servers, _, err := inventory.Requestable(ctx, c); err == nil && len(servers) > 0 {
		plain.Fprintf(o.stderr, "tshmcp: hint: %d can be requested, see: tshmcp ls --requestable\n", len(servers))
		return
	}
	if c.Leaf != "" {
		plain.Fprintf(o.stderr, "tshmcp: hint: a role of %s that its role map gives you must allow the app by its labels (app_labels) and its tools (mcp.tools); ask its Teleport administrator\n", c.Leaf)
		return
	}
	var old *access.TooOldError
	if errors.As(access.Ages(ctx, c)(teleport.App{SubKind: "mcp"}), &old) {
		plain.Fprintf(o.stderr, "tshmcp: hint: %s; %s\n", old.Error(), strings.Join(old.Hints(), "; "))
		return
	}
	plain.Fprintf(o.stderr, "tshmcp: hint: a role must allow the app by its labels (app_labels) and its tools (mcp.tools); ask your Teleport administrator, then log in again\n")
}
