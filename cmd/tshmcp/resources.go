// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

type resourcesOptions struct {
	*global
	serverFlags
	outputFlags
}

func newResourcesCmd(g *global) *cobra.Command {
	o := &resourcesOptions{global: g}
	cmd := &cobra.Command{
		Use:   "resources NAME [URI]",
		Short: "List the resources of an MCP server, or read one",
		Long: `resources lists what a server has to read, and templates of URIs for more, or reads
what is at a URI. Text goes to stdout; --out=DIR writes to files what is not text.
Roles do not restrict resources.`,
		Example: `  tshmcp resources grafana-mcp
  tshmcp resources grafana-mcp URI --out=.`,
		Args: args(serverArgs(2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if o.App = given[0]; len(given) == 1 {
				return o.list(cmd.Context())
			}
			return o.read(cmd.Context(), given[1])
		},
	}
	o.serverFlags.add(cmd)
	o.outputFlags.add(cmd)
	return cmd
}

func (o *resourcesOptions) list(ctx context.Context) error {
	print, err := format.Printer(o.Format, toolcall.ResourceTable)
	if err != nil {
		return err
	}
	return listing(ctx, o.global, &o.serverFlags, "resources", print, func(s *toolcall.Session) ([]toolcall.Resource, error) { return s.Resources(ctx) })
}

func (o *resourcesOptions) read(ctx context.Context, uri string) (err error) {
	print, folder, err := o.outputFlags.Open(o.stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	return show(ctx, o.global, &o.serverFlags, print, func(s *toolcall.Session) (*toolcall.Result, error) { return s.Read(ctx, uri, folder) })
}
