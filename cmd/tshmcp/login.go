// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/loginflow"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/usage"
)

type loginOptions struct {
	*global
	sourceFlags
	flow          loginflow.Flow
	storeName     string
	browser       string
	passwordStdin bool
	apps          []string

	opened func() // called before the browser opens; nil: nobody asks
}

func newLoginCmd(g *global) *cobra.Command {
	o := &loginOptions{global: g}
	cmd := &cobra.Command{
		Use:   "login [--proxy=]ADDR",
		Short: "Sign in to a Teleport cluster",
		Long: `login signs you in the way your cluster asks for and keeps the certificate it gets
in the operating system's keyring. Most clusters send you to a single sign-on
page in the browser. Users of the cluster itself are asked for their password on the
terminal, and for a one-time code there or a passkey in the browser.

--auth names another way: a connector of the cluster, local, or headless, which you
approve in a browser on another computer.

--app=NAME gets the certificate of an MCP server right away, with the login you have
if it is still valid. A server that needs a second factor for each session asks for
it in the browser, once per certificate. A headless login lasts one minute; the
certificates of the servers it names last longer.

If you are logged in already, login says so and does nothing more, unless you give
--force or ask for something that the login does not have.`,
		Example: `  tshmcp login --proxy=teleport.example.com
  tshmcp login --proxy=teleport.example.com --browser=none
  tshmcp login --proxy=teleport.example.com --auth=local --user=alice
  tshmcp login --proxy=teleport.example.com --app=grafana-mcp
  tshmcp login --proxy=teleport.example.com --auth=headless --app=grafana-mcp
  tshmcp login --proxy=teleport.example.com --bind-addr=0.0.0.0:8080`,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, addr []string) error {
			if err := o.Argument(addr); err != nil {
				return err
			}
			if ttl := cmd.Flags().Lookup("ttl"); ttl.Changed && (o.flow.TTL < login.MinTTL || o.flow.TTL > login.MaxTTL) {
				return usage.Errorf("--ttl must be between 1m and 30h, not %s", ttl.Value)
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	o.addProxy(flags)
	flags.StringVar(&o.flow.Connector, "auth", "", "`connector` to sign in with, local, or headless (default: that of the last login, else the cluster's)")
	flags.BoolVar(&o.flow.Force, "force", false, "sign in again although the login is still valid")
	flags.StringVar(&o.flow.User, "user", "", "`name` of the Teleport user who signs in; needed if it is not the one of the last login (default: that of the last login; for passwords and headless, else your name on this machine)")
	flags.BoolVar(&o.passwordStdin, "password-stdin", false, "read the password from the first line of stdin, and a one-time code, if the cluster asks for one, from the second")
	flags.StringArrayVar(&o.apps, "app", nil, "`name` of an MCP server whose certificate to get, with a second factor if it needs one; after a headless login it lasts as long as --ttl and your roles allow; can be repeated")
	flags.StringVar(&o.Leaf, "cluster", "", "with --app: `name` of the leaf cluster that has the server (default: TSHMCP_CLUSTER, else the cluster itself)")
	flags.StringVar(&o.flow.Listen, "bind-addr", "", "`address` to wait for the browser at, in containers 0.0.0.0:8080 (default: a free port of 127.0.0.1)")
	flags.StringVar(&o.flow.Callback, "callback", "", "`URL` at which the browser reaches --bind-addr, if not http://127.0.0.1:PORT")
	flags.StringVar(&o.CAFile, "ca-file", "", "PEM `file` with the proxy's CA, if it is a private one; remembered with the login")
	flags.StringVar(&o.storeName, "store", "", "where to keep credentials: keyring, or file on machines without one (default: TSHMCP_STORE, else keyring)")
	flags.StringVar(&o.browser, "browser", "", "none prints the link instead of opening the browser")
	flags.DurationVar(&o.flow.TTL, "ttl", 0, "how long the login is to last, 1m to 30h, as far as your roles allow (default: what the cluster gives)")
	return cmd
}

func (o *loginOptions) run(ctx context.Context) error {
	if o.browser != "" && o.browser != "none" {
		return usage.Errorf("--browser takes none, not %q", o.browser)
	}
	o.warnInsecure(&o.sourceFlags)
	if err := o.fill(&o.flow); err != nil {
		return err
	}
	done, err := o.flow.Run(ctx)
	if err != nil {
		return err
	}
	signin.Resume(o.StateDir(), done.Profile.Proxy)
	done.Tell(o.voice(), o.flow.Apps)
	if o.flow.Apps {
		return o.keepApps(ctx, done)
	}
	return nil
}

// keepApps gets the certificates of the MCP servers that are named.
func (o *loginOptions) keepApps(ctx context.Context, done *loginflow.Result) error {
	leaf, err := o.Cluster(&o.Env)
	if err != nil {
		return err
	}
	apps := loginflow.Apps{Flow: &o.flow, Clusters: o.clusters(), Leaf: leaf, Names: o.apps}
	return apps.Keep(ctx, done, func(name string, until time.Time) {
		o.voice().Line("%s can be used until %s.", name, access.LocalTime(until))
	})
}

// fill tells the login what the flags and the environment say, and what it needs
// of this machine.
func (o *loginOptions) fill(f *loginflow.Flow) (err error) {
	if f.Addr, err = o.Address(&o.Env); err != nil {
		return err
	}
	if f.WebCA, err = o.WebCA(); err != nil {
		return err
	}
	store, by := o.Said("--store", o.storeName, "TSHMCP_STORE")
	f.Backend = creds.Backend(store)
	if f.Backend != "" && f.Backend != creds.Keyring && f.Backend != creds.File {
		return usage.Errorf("%s takes keyring or file, not %q", by, store)
	}
	if o.passwordStdin {
		f.Lines = o.stdin
	}
	f.Apps = len(o.apps) > 0
	f.Account = o.account()
	f.Store = o.store()
	f.Store.Timeout = unlockTime
	f.NewProxy = func(addr, webCA string) (*teleport.Proxy, error) {
		return o.clusters().NewProxy(addr, webCA, o.Insecure)
	}
	f.Open = o.opener()
	f.Teller = o.teller()
	f.Terminal = func() (loginflow.Terminal, func() error, error) { return terminal.Open() }
	f.Log = o.logger(o.debug)
	return nil
}

// unlockTime is how long login waits for a keyring that asks its user for a
// password.
const unlockTime = time.Minute

// opener opens the browser, or says why not; nil: none shall be opened.
func (o *loginOptions) opener() func(string) error {
	return loginflow.Opener(o.open, o.browser == "none", o.noBrowser(), o.opened)
}

// noBrowser says why no browser would reach the person, or is empty.
func (e *env) noBrowser() string { return browsers(e.GOOS, e.Getenv).Closed() }

// teller tells the person what happens.
func (o *loginOptions) teller() *loginflow.Voice {
	return &loginflow.Voice{
		Voice: o.voice(), NoBrowser: o.browser == "none", Listen: o.flow.Listen != "",
		Unattended: o.flow.Unattended, Attended: isTerminal(o.stdin),
	}
}

// confirm has the user give a second factor, as flow has him sign in. It calls opened
// before the browser opens.
func confirm(g *global, flow loginflow.Flow) func(ctx context.Context, c *access.Cluster, app string, opened func()) (*access.AppCert, error) {
	return func(ctx context.Context, c *access.Cluster, app string, opened func()) (*access.AppCert, error) {
		o := &loginOptions{global: g, opened: opened, flow: flow}
		return (&loginflow.Confirm{Cluster: c, App: app, Open: o.opener(), Teller: o.teller(), Log: g.logger(g.debug)}).Run(ctx)
	}
}

// loginUnattended is the sign-in that a running bridge opens.
// It calls opened before the browser opens.
func loginUnattended(ctx context.Context, g *global, flags settings.Flags, opened func()) error {
	o := &loginOptions{global: g, sourceFlags: sourceFlags{flags}, opened: opened, flow: loginflow.Flow{Unattended: true}}
	return loginflow.ForBridge(o.run(ctx))
}
