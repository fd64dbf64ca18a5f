// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

type promptsOptions struct {
	*global
	serverFlags
	format string
}

func newPromptsCmd(g *global) *cobra.Command {
	o := &promptsOptions{global: g}
	cmd := &cobra.Command{
		Use:   "prompts NAME [PROMPT [KEY=VALUE ...]]",
		Short: "List the prompts of an MCP server, or get one",
		Long: `prompts lists the prompts that a server offers, where a star marks required
arguments, or gets the messages of one. Roles do not restrict prompts.`,
		Example: `  tshmcp prompts grafana-mcp
  tshmcp prompts grafana-mcp PROMPT KEY=VALUE`,
		Args: args(serverArgs(-1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			o.App = given[0]
			return o.run(cmd.Context(), given[1:])
		},
	}
	o.serverFlags.add(cmd)
	addFormat(cmd.Flags(), &o.format)
	return cmd
}

func (o *promptsOptions) run(ctx context.Context, given []string) error {
	list, err := format.Printer(o.format, toolcall.PromptTable)
	if err != nil {
		return err
	}
	if len(given) == 0 {
		return listing(ctx, o.global, &o.serverFlags, "prompts", list, func(s *toolcall.Session) ([]toolcall.Prompt, error) { return s.Prompts(ctx) })
	}
	print, err := format.Printer(o.format, func(w io.Writer, r *toolcall.Result) error { return r.Write(w, o.stderr) })
	if err != nil {
		return err
	}
	return show(ctx, o.global, &o.serverFlags, print, func(s *toolcall.Session) (*toolcall.Result, error) { return s.Prompt(ctx, given[0], given[1:]) })
}
