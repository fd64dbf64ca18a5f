// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/logout"
	"github.com/tshmcp/tshmcp/internal/usage"
)

type logoutOptions struct {
	*global
	sourceFlags
	all bool
}

func newLogoutCmd(g *global) *cobra.Command {
	o := &logoutOptions{global: g}
	cmd := &cobra.Command{
		Use:   "logout [[--proxy=]ADDR]",
		Short: "Delete the login to a cluster, with its app certificates",
		Long: `logout deletes a login and its app certificates from the keyring and the file
store, and then ends its app sessions at the cluster, if that answers within a few
seconds. It also works without a network, and for clusters that no longer exist.`,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, addr []string) error {
			if err := o.Argument(addr); err != nil {
				return err
			}
			return o.run(cmd.Context(), cmd.UseLine())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Proxy, "proxy", "", "web address of the Teleport proxy, `host[:port]` (default: TSHMCP_PROXY, else TELEPORT_PROXY, else the last login)")
	flags.BoolVar(&o.all, "all", false, "every cluster")
	return cmd
}

func (o *logoutOptions) run(ctx context.Context, usageLine string) error {
	if o.all && o.Proxy != "" {
		return &usage.Error{Usage: usageLine, Err: errors.New("give --all or the address of a proxy, not both")}
	}
	l := &logout.Logout{
		Store: o.store(), Clusters: o.clusters(), StateDir: o.StateDir(), TSH: o.TSH(&o.Env), Now: o.now, Teller: logout.Voice{Voice: o.voice()},
	}
	if o.all {
		return l.All(ctx)
	}
	to, err := o.Address(&o.Env)
	if err != nil {
		return err
	}
	proxy, _ := o.clusters().Settle(to, l.TSH)
	return l.From(ctx, proxy)
}
