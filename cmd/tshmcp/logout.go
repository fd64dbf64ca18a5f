// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/creds"
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
	proxies, err := o.proxies()
	if err != nil {
		return err
	}
	var ends []*access.Sessions
	for _, proxy := range proxies {
		end := o.sessions(ctx, proxy)
		failed := o.logout(ctx, proxy)
		if failed != nil {
			err = also(err, failed) // the others go all the same
		} else if end != nil {
			ends = append(ends, end)
		}
		if errors.Is(failed, creds.ErrBusy) { // one lock is for all
			break
		}
	}
	if o.all && !errors.Is(err, creds.ErrBusy) {
		if failed := o.store().Sweep(ctx); failed != nil {
			err = also(err, failed)
		}
	}
	o.endSessions(ctx, ends)
	return err
}

// sessions are the app sessions of the login to a proxy, nil without any.
func (o *logoutOptions) sessions(ctx context.Context, proxy string) *access.Sessions {
	c, err := o.clusters().OpenLogin(access.Source{Addr: proxy})
	if err != nil {
		return nil
	}
	return access.SessionsOf(ctx, c)
}

func (o *logoutOptions) endSessions(ctx context.Context, ends []*access.Sessions) {
	for i, err := range access.EndSessions(ctx, ends) {
		if err != nil {
			o.warn("the app sessions at %s were not ended, they last until %s: %v", ends[i].Cluster, access.LocalTime(ends[i].Until), err)
		}
	}
}

// also joins two errors on one line.
func also(err, next error) error {
	if err == nil {
		return next
	}
	return fmt.Errorf("%w; %w", err, next)
}

// logoutWait is how long a logout waits for others that write credentials.
const logoutWait = 10 * time.Second

// logout deletes what is stored for one proxy, or for the current one if it is
// empty. A profile that cannot be read must not keep the secrets alive.
func (o *logoutOptions) logout(ctx context.Context, proxy string) error {
	name := proxy
	if p, err := o.store().Profile(proxy); err == nil {
		name = fmt.Sprintf("%s (%s)", p.Cluster, p.Proxy)
		proxy = p.Proxy
	}
	if name == "" {
		name = "the last login's cluster" // whose profile cannot be read
	}
	store := o.store()
	store.LockWait = logoutWait
	err := store.DeleteLogin(ctx, proxy)
	if errors.Is(err, creds.ErrNotFound) {
		plain.Fprintf(o.stderr, "Not logged in.\n")
		o.mentionTSH(proxy)
		return nil
	}
	if err != nil {
		return err
	}
	if proxy != "" { // else what is kept without being secret stays
		signin.Resume(o.StateDir(), proxy)
		if err := recall.Forget(o.StateDir(), proxy); err != nil {
			return err
		}
	}
	plain.Fprintf(o.stderr, "Logged out of %s.\n", name)
	o.mentionTSH(proxy)
	return nil
}

// mentionTSH says that a login of tsh is left, which tshmcp uses from now on.
func (o *logoutOptions) mentionTSH(proxy string) {
	id, err := access.TSHLogin(o.TSH(&o.Env), proxy)
	if err != nil || id.Check(o.now()) != nil {
		return
	}
	plain.Fprintf(o.stderr, "tshmcp: hint: the tsh login to %s is left and is used instead; tsh logout ends it, --no-tsh ignores it\n", id.Proxy)
}

func (o *logoutOptions) proxies() ([]string, error) {
	if !o.all {
		to, err := o.Address(&o.Env)
		if err != nil {
			return nil, err
		}
		addr, _ := o.clusters().Settle(to, o.TSH(&o.Env))
		return []string{addr}, nil
	}
	proxies, err := o.store().Proxies()
	if err == nil && len(proxies) == 0 {
		plain.Fprintf(o.stderr, "Not logged in.\n")
	}
	return proxies, err
}
