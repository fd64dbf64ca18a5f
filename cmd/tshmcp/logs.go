// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/journal"
	"github.com/tshmcp/tshmcp/internal/usage"
)

type logsOptions struct {
	*global
	follow bool
	since  time.Duration
}

func newLogsCmd(g *global) *cobra.Command {
	o := &logsOptions{global: g}
	cmd := &cobra.Command{
		Use:   "logs [NAME]",
		Short: "Show what the bridges of your MCP clients did, and why something failed",
		Long: `logs shows what each tshmcp connect that a client has started recorded: requests by
method, with the time they took, and the codes of failures. What was said is not
recorded. At the end it says how to fix the failures; docs/troubleshooting.md has all
codes. Clients keep logs of their own, too: docs/clients.md says where.`,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			return o.run(cmd.Context(), strings.Join(names, ""))
		},
	}
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "keep showing what happens, until Ctrl-C")
	cmd.Flags().DurationVar(&o.since, "since", 0, "only what is not older than this, for example 10m or 24h (default: everything)")
	return cmd
}

func (o *logsOptions) run(ctx context.Context, name string) error {
	if o.since < 0 {
		return usage.Errorf("--since must not be negative")
	}
	filter := journal.Filter{App: name}
	if o.since > 0 {
		filter.Since = o.now().Add(-o.since)
	}
	return journal.Show(ctx, o.StateDir(), filter, o.follow, o.stdout, o.voice())
}
