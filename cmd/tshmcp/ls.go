// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
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
	format      string
	requestable bool
}

func newLsCmd(g *global) *cobra.Command {
	o := &lsOptions{global: g}
	cmd := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List the MCP servers you may use, with the tools your roles allow",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.requestable {
				return o.runRequestable(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	o.sourceFlags.add(cmd.Flags())
	g.completeLeaf(cmd, &o.sourceFlags)
	cmd.Flags().BoolVar(&o.requestable, "requestable", false, "list the MCP servers that you may not use and may request")
	cmd.Flags().StringVar(&o.format, "format", "text", "text, json or yaml")
	return cmd
}

func (o *lsOptions) run(ctx context.Context) error {
	print, err := printer(o.format, o.printServers)
	if err != nil {
		return err
	}
	c, err := o.openCluster(ctx, &o.sourceFlags)
	if err != nil {
		return err
	}
	servers, err := inventory.Servers(ctx, c)
	if err != nil {
		return err
	}
	if len(servers) == 0 {
		o.explainNone(ctx, c)
	}
	return print(o.stdout, servers)
}

func (o *lsOptions) runRequestable(ctx context.Context) error {
	print, err := printer(o.format, printRequestable)
	if err != nil {
		return err
	}
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
		t.Row(s.Name, s.Description, s.Type, labelColumn(s.Labels))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return plain.Fprintf(w, "\nTo request one: tshmcp request create NAME --reason='why you need it' --wait\n")
}

func (o *lsOptions) printServers(w io.Writer, servers []inventory.Server) error {
	if len(servers) == 0 {
		return nil
	}
	t := plain.NewTable(w, "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "LABELS")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, toolColumn(s), labelColumn(s.Labels))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return printNotes(w, servers, o.now())
}

// printNotes explains the marks of the tools column.
func printNotes(w io.Writer, servers []inventory.Server, now time.Time) error {
	var notes []string
	for _, s := range servers {
		note := plain.Sprintf("[r] By access request %s, until %s.", s.Request, until(s.RequestUntil, now))
		if s.Request != "" && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	for _, s := range servers {
		if s.TooOld != nil {
			notes = append(notes, plain.Sprintf("[!] %v.", s.TooOld))
		}
	}
	slices.Sort(notes)
	notes = slices.Compact(notes)
	if slices.ContainsFunc(servers, func(s inventory.Server) bool { return s.NoTools() && s.TooOld == nil }) {
		notes = append(notes, "[!] None of your roles allows a tool of this server: ask your Teleport administrator for mcp.tools in a role.")
	}
	if slices.ContainsFunc(servers, func(s inventory.Server) bool { return len(s.Unresolved) > 0 }) {
		notes = append(notes, "[?] A role has a condition that only the cluster can evaluate: it may allow or deny other tools, too.")
	}
	if len(notes) == 0 {
		return nil
	}
	_, err := io.WriteString(w, "\n"+strings.Join(notes, "\n")+"\n")
	return err
}

// toolColumn is what a role lets through, less what one takes away.
func toolColumn(s inventory.Server) string {
	text := "(none)"
	switch {
	case len(s.AllowedTools) > 0 && len(s.DeniedTools) > 0:
		text = strings.Join(s.AllowedTools, ", ") + ", except: " + strings.Join(s.DeniedTools, ", ")
	case len(s.AllowedTools) > 0:
		text = strings.Join(s.AllowedTools, ", ")
	}
	switch {
	case len(s.Unresolved) > 0:
		text += " [?]"
	case len(s.AllowedTools) == 0, s.TooOld != nil:
		text += " [!]"
	}
	if s.Request != "" {
		text += " [r]"
	}
	return text
}

func until(end *time.Time, now time.Time) string {
	if end == nil {
		return ""
	}
	return validity(*end, now)
}

func labelColumn(labels map[string]string) string {
	pairs := make([]string, 0, len(labels))
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, k+"="+labels[k])
	}
	return strings.Join(pairs, ",")
}

// explainNone tells a user who sees no MCP server why that may be.
func (o *lsOptions) explainNone(ctx context.Context, c *access.Cluster) {
	plain.Fprintf(o.stderr, "tshmcp: %s has no MCP server that %s may use.\n", c.Name(), c.Profile.Username)
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
