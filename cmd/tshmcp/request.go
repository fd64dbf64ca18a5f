// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/request"
)

type requestOptions struct {
	*global
	sourceFlags
	asked  request.Asked
	wait   bool
	format string
}

func newRequestCmd(g *global) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "request",
		Short: "Request access that your roles do not give, and use it",
		Long: `request asks the reviewers of a cluster for an MCP server, or for roles, for a while,
where the cluster allows it. What was approved and assumed is used by every running
MCP client. Your login stays beside it: other MCP servers work as before, and
dropping the request brings back what was. A new login goes on
with what was assumed, or says what the cluster does not give again.`,
		Example: `  tshmcp ls --requestable
  tshmcp request create grafana-mcp --reason='incident 42' --wait
  tshmcp request ls`,
		Args: args(cobra.NoArgs), DisableFlagsInUseLine: true, // alone it does nothing
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRequestCreateCmd(g), newRequestLsCmd(g), newRequestAssumeCmd(g), newRequestDropCmd(g))
	return cmd
}

// subcommand is one of request, with the flags that say where and as whom.
func (o *requestOptions) subcommand(use, short string, check cobra.PositionalArgs, run func(ctx context.Context, d *request.Dialog, args []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: args(check),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := o.openCluster(cmd.Context(), &o.sourceFlags)
			if err != nil {
				return err
			}
			return run(cmd.Context(), &request.Dialog{Desk: &request.Desk{Cluster: c, Now: o.now}, Out: o.stdout, To: o.voice()}, args)
		},
	}
	o.sourceFlags.add(cmd.Flags())
	return cmd
}

func newRequestCreateCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	check := func(cmd *cobra.Command, names []string) error {
		if len(names) < 2 && (len(names) == 1) == (len(o.asked.Roles) > 0) {
			return errors.New("give the NAME of an MCP server, or --roles, not both")
		}
		return cmp.Or(o.asked.Check(), cobra.MaximumNArgs(1)(cmd, names))
	}
	cmd := o.subcommand("create [NAME]", "Request an MCP server, or roles", check, func(ctx context.Context, d *request.Dialog, names []string) error {
		o.asked.App = strings.Join(names, "")
		return d.Create(ctx, o.asked, o.wait)
	})
	cmd.Long = `create makes an access request and prints its ID. With --wait it waits for the
decision and assumes the request when it is approved. Ctrl-C ends the wait and
leaves the request as it is.`
	flags := cmd.Flags()
	flags.StringSliceVar(&o.asked.Roles, "roles", nil, "`names` of roles to request, separated by commas")
	flags.StringVar(&o.asked.Reason, "reason", "", "reason for the reviewers; some clusters require it")
	flags.StringSliceVar(&o.asked.Reviewers, "reviewers", nil, "`names` of people who should review it (default: those that your roles suggest)")
	flags.DurationVar(&o.asked.Longest, "max-duration", 0, "longest `time` that the access lasts, for example 4h (default: as long as the cluster allows)")
	flags.BoolVar(&o.wait, "wait", false, "wait until it is decided, and assume it")
	return cmd
}

func newRequestLsCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	cmd := o.subcommand("ls", "List your access requests", cobra.NoArgs, func(ctx context.Context, d *request.Dialog, _ []string) error {
		print, err := format.Printer(o.format, request.Table)
		if err != nil {
			return err
		}
		return d.List(ctx, print)
	})
	cmd.Aliases = []string{"list"}
	addFormat(cmd.Flags(), &o.format)
	return cmd
}

func newRequestAssumeCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	cmd := o.subcommand("assume ID", "Use an access request that was approved", cobra.ExactArgs(1), func(ctx context.Context, d *request.Dialog, ids []string) error {
		return d.Assume(ctx, ids[0], o.wait)
	})
	cmd.Flags().BoolVar(&o.wait, "wait", false, "wait until it is decided")
	return cmd
}

func newRequestDropCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	return o.subcommand("drop [ID]", "Stop using an access request, or all of them", cobra.MaximumNArgs(1), func(ctx context.Context, d *request.Dialog, ids []string) error {
		return d.Drop(ctx, strings.Join(ids, ""))
	})
}
