// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/journal"
	"github.com/tshmcp/tshmcp/internal/plain"
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
		Long: `logs shows what each tshmcp connect that a client has started wrote down: requests
by method, with the time they took, and the codes of failures. It has nothing of
what was said. Below are the remedies for the codes of failures; docs/errors.md has
all of them. Clients keep logs of their own, too: docs/clients.md says where.`,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			return o.run(cmd.Context(), strings.Join(names, ""))
		},
	}
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "go on with what happens from now on, until Ctrl-C")
	cmd.Flags().DurationVar(&o.since, "since", 0, "only what is not older, for example 10m or 24h (default: all there is)")
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
	codes, shown := map[errcode.Code]bool{}, 0
	err := journal.Read(ctx, o.StateDir(), filter, o.follow, func(r journal.Record) error {
		shown++
		if r.Code != "" && r.Level != slog.LevelDebug.String() { // streams end at a good end, too
			codes[r.Code] = true
		}
		return plain.Fprintf(o.stdout, "%s %-5s %s[%d] %s%s\n", r.Time.Local().Format(time.DateTime), r.Level, r.App, r.PID, r.Line(), r.Code.Bracketed())
	})
	if err != nil {
		return err
	}
	if shown == 0 {
		plain.Fprintf(o.stderr, "tshmcp: nothing is in the log %s that was asked for\n", journal.Path(o.StateDir()))
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		if e, known := errcode.Lookup(code); known {
			plain.Fprintf(o.stderr, "tshmcp: hint: [%s] %s: %s\n", string(code), e.Cause, e.Remedy)
		}
	}
	return nil
}
