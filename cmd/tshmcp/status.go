// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/inventory"
)

type statusOptions struct {
	*global
	source sourceFlags // status has one of these flags, the rest is the environment's
	format string
}

func newStatusCmd(g *global) *cobra.Command {
	o := &statusOptions{global: g}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the clusters you are logged in to, and as whom",
		Long: `status shows what the other commands can use: the logins of tshmcp, those of tsh
where tshmcp has none of its own, and the identity file that TSHMCP_IDENTITY names.
A star marks the default. Neither a keyring nor a cluster is asked. The exit code is
4 if there is nothing to use, or if it has expired. A certificate of an MCP server
that outlives its login, as after a headless login, is shown with its own time;
while there is one, the exit code is 0.

MCP servers of leaf clusters are shown as NAME@LEAF. A login to the root cluster is
good for its leaf clusters, so there is no --cluster here.`,
		Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return o.run()
		},
	}
	addFormat(cmd.Flags(), &o.format)
	o.source.addNoTSH(cmd.Flags())
	return cmd
}

func (o *statusOptions) run() error {
	print, err := format.Printer(o.format, inventory.LoginTable)
	if err != nil {
		return err
	}
	current, err := o.openKnown(&o.source)
	logins, problem := inventory.Status(o.clusters(), o.source.TSH(&o.Env), current, err, o.voice())
	if err := print(o.stdout, logins); err != nil {
		return err
	}
	return problem
}
