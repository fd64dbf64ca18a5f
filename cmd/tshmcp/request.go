// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
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
		Short: "Request access that your roles do not give, and take it up",
		Long: `request asks the reviewers of a cluster for an MCP server, or for roles, for a while,
where the cluster allows it. What was approved and assumed is used by every MCP
client that runs, and until it ends the login stays beside it: other MCP servers are
used as before, and dropping it brings back what was. A new login begins without what
was assumed; an access request that is still good can be assumed again.`,
		Example: `  tshmcp ls --requestable
  tshmcp request create grafana-mcp --reason='incident 42' --wait
  tshmcp request ls`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRequestCreateCmd(g), newRequestLsCmd(g), newRequestAssumeCmd(g), newRequestDropCmd(g))
	return cmd
}

// subcommand is one of request, with the flags that say where and as whom.
func (o *requestOptions) subcommand(use, short string, check cobra.PositionalArgs, run func(ctx context.Context, d *request.Desk, args []string) error) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: args(check),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := o.openCluster(cmd.Context(), &o.sourceFlags)
			if err != nil {
				return err
			}
			return run(cmd.Context(), &request.Desk{Cluster: c, Now: o.now}, args)
		},
	}
	o.sourceFlags.add(cmd.Flags())
	return cmd
}

func newRequestCreateCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	check := func(cmd *cobra.Command, names []string) error {
		if (len(names) == 1) == (len(o.asked.Roles) > 0) {
			return errors.New("give the NAME of an MCP server, or --roles")
		}
		return cobra.MaximumNArgs(1)(cmd, names)
	}
	cmd := o.subcommand("create [NAME]", "Request an MCP server, or roles", check, func(ctx context.Context, d *request.Desk, names []string) error {
		o.asked.App = strings.Join(names, "")
		return o.create(ctx, d)
	})
	cmd.Long = `create makes an access request and prints its id. With --wait it stays until the
request is decided, and assumes it when it is approved. Ctrl-C ends the wait and
leaves the request as it is.`
	flags := cmd.Flags()
	flags.StringSliceVar(&o.asked.Roles, "roles", nil, "`names` of roles to request, with commas between them")
	flags.StringVar(&o.asked.Reason, "reason", "", "why, for the reviewers; some clusters want it")
	flags.StringSliceVar(&o.asked.Reviewers, "reviewers", nil, "`names` of who shall decide (default: those that your roles suggest)")
	flags.BoolVar(&o.wait, "wait", false, "wait until it is decided, and assume it")
	return cmd
}

func newRequestLsCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	cmd := o.subcommand("ls", "List your access requests", cobra.NoArgs, func(ctx context.Context, d *request.Desk, _ []string) error {
		print, err := format.Printer(o.format, request.Table)
		if err != nil {
			return err
		}
		all, err := d.List(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			plain.Fprintf(o.stderr, "tshmcp: you have no access requests in %s.\n", d.Cluster.Name())
		}
		return print(o.stdout, all)
	})
	cmd.Aliases = []string{"list"}
	cmd.Flags().StringVar(&o.format, "format", "text", "text, json or yaml")
	return cmd
}

func newRequestAssumeCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	cmd := o.subcommand("assume ID", "Take up an access request that was approved", cobra.ExactArgs(1), func(ctx context.Context, d *request.Desk, ids []string) error {
		if o.wait {
			return o.await(ctx, d, ids[0])
		}
		return o.assume(ctx, d, ids[0])
	})
	cmd.Flags().BoolVar(&o.wait, "wait", false, "wait until it is decided")
	return cmd
}

func newRequestDropCmd(g *global) *cobra.Command {
	o := &requestOptions{global: g}
	cmd := o.subcommand("drop [ID]", "Give up what was assumed by an access request, or all of it", cobra.MaximumNArgs(1), func(ctx context.Context, d *request.Desk, ids []string) error {
		dropped, err := d.Drop(ctx, strings.Join(ids, ""))
		for _, id := range dropped {
			plain.Fprintf(o.stderr, "Access request %s is dropped.\n", id)
		}
		return err
	})
	return cmd
}

func (o *requestOptions) create(ctx context.Context, d *request.Desk) error {
	made, err := d.Create(ctx, o.asked)
	if err != nil {
		return err
	}
	if err := plain.Fprintf(o.stdout, "%s\n", made.ID); err != nil {
		return err
	}
	plain.Fprintf(o.stderr, "%s\n", request.MadeText(made))
	if o.wait {
		return o.await(ctx, d, made.ID)
	}
	o.tellHow(d, made.ID)
	return nil
}

// tellHow says how to go on with a request.
func (o *requestOptions) tellHow(d *request.Desk, id string) {
	plain.Fprintf(o.stderr, "tshmcp: hint: to wait for the decision and take it up: %s\n", d.WaitCommand(id))
}

// await waits for the decision and takes the request up.
func (o *requestOptions) await(ctx context.Context, d *request.Desk, id string) error {
	plain.Fprintf(o.stderr, "Waiting until it is approved. Ctrl-C ends the wait, not the request.\n")
	if _, err := d.Wait(ctx, id, o); err != nil {
		if ctx.Err() != nil {
			plain.Fprintf(o.stderr, "\nAccess request %s stays as it is.\n", id)
			o.tellHow(d, id)
		}
		return err
	}
	return o.assume(ctx, d, id)
}

func (o *requestOptions) assume(ctx context.Context, d *request.Desk, id string) error {
	a, err := d.Assume(ctx, id)
	if err != nil {
		return err
	}
	plain.Fprintf(o.stderr, "%s\nRunning MCP clients use it from now on; to give it up: %s\n", inventory.NewAssumed(*a).Text(o.now()), d.DropCommand(id))
	return nil
}

// Reviewed is part of request.Progress.
func (o *requestOptions) Reviewed(r request.Review) {
	plain.Fprintf(o.stderr, "%s\n", r.Text())
}

// StillWaiting is part of request.Progress.
func (o *requestOptions) StillWaiting(since time.Duration, err error) {
	if err != nil {
		plain.Fprintf(o.stderr, "Still waiting (%s); the cluster cannot be asked now: %v\n", inventory.Span(since), err)
		return
	}
	plain.Fprintf(o.stderr, "Still waiting (%s).\n", inventory.Span(since))
}
