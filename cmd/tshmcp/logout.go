// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/logout"
	"github.com/tshmcp/tshmcp/internal/plain"
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
		Short: "Delete the stored login of a cluster, with its app certificates",
		Long: `logout deletes a login and its app certificates from the keyring and the file
store, and then ends its app sessions at the cluster, as far as that answers
within a few seconds. It works without a network too, and for clusters that are
gone.`,
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
		return &usage.Error{Usage: usageLine, Err: errors.New("--all and the address of a proxy exclude each other")}
	}
	l := &logout.Logout{
		Store: o.store(), Clusters: o.clusters(), StateDir: o.StateDir(), TSH: o.TSH(&o.Env), Now: o.now, Teller: o,
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

// NotLoggedIn is part of logout.Teller, as what follows is.
func (o *logoutOptions) NotLoggedIn() { plain.Fprintf(o.stderr, "Not logged in.\n") }

func (o *logoutOptions) LoggedOut(cluster string) {
	plain.Fprintf(o.stderr, "Logged out of %s.\n", cluster)
}

func (o *logoutOptions) Default(p *creds.Profile) {
	plain.Fprintf(o.stderr, "The default is now %s (%s) as %s.\n", p.Cluster, p.Proxy, p.Username)
}

func (o *logoutOptions) TSHLeft(proxy string) {
	plain.Fprintf(o.stderr, "tshmcp: hint: the tsh login to %s is left and is used instead; tsh logout ends it, --no-tsh ignores it\n", proxy)
}

func (o *logoutOptions) NotEnded(s *access.Sessions, err error) {
	o.warn("the app sessions at %s were not ended, they last until %s: %v", s.Cluster, access.LocalTime(s.Until), err)
}
