// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

type loginOptions struct {
	*global
	proxyFlags
	connector string
	caFile    string
	storeName string
	browser   string
	ttl       time.Duration

	user          string
	passwordStdin bool
	apps          []string
	bindAddr      string
	callback      string

	// attended tells that a person has started the login and can be asked; a
	// running bridge logs in unattended.
	attended bool
}

func newLoginCmd(g *global) *cobra.Command {
	o := &loginOptions{global: g, attended: true}
	cmd := &cobra.Command{
		Use:   "login --proxy=ADDR",
		Short: "Sign in to a Teleport cluster",
		Long: `login signs you in the way your cluster wants it and keeps the certificate it gets
in the keyring of this operating system. Most clusters send you to a single sign-on
page in the browser. Users of the cluster itself are asked for their password on the
terminal, and for a one-time code there or a passkey in the browser.

--auth names another way: a connector of the cluster, local, or headless, which you
approve in a browser on another computer. A headless login lasts one minute, and
with --app=NAME it gets the certificates of MCP servers, which last longer.`,
		Example: `  tshmcp login --proxy=teleport.example.com
  tshmcp login --proxy=teleport.example.com --browser=none
  tshmcp login --proxy=teleport.example.com --auth=local --user=alice
  tshmcp login --proxy=teleport.example.com --auth=headless --app=grafana-mcp
  tshmcp login --proxy=teleport.example.com --bind-addr=0.0.0.0:8080`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if ttl := cmd.Flags().Lookup("ttl"); ttl.Changed && (o.ttl < login.MinTTL || o.ttl > login.MaxTTL) {
				return &usageError{Err: fmt.Errorf("--ttl must be between 1m and 30h, not %s", ttl.Value)}
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	o.proxyFlags.add(flags)
	flags.StringVar(&o.connector, "auth", "", "`connector` to sign in with, local, or headless (default: that of the last login, else the cluster's)")
	flags.StringVar(&o.user, "user", "", "`name` of the Teleport user, where the cluster asks for a password or headless (default: that of the last login, else yours on this machine)")
	flags.BoolVar(&o.passwordStdin, "password-stdin", false, "read the password from the first line of stdin, and a one-time code, if the cluster asks for one, from the second")
	flags.StringArrayVar(&o.apps, "app", nil, "with --auth=headless: `name` of an MCP server to use after the login's one minute, as long as --ttl and your roles allow; repeatable")
	flags.StringVar(&o.bindAddr, "bind-addr", "", "`address` to await the browser at, for containers: 0.0.0.0:8080 (default: a free port of 127.0.0.1)")
	flags.StringVar(&o.callback, "callback", "", "`URL` by which the browser reaches --bind-addr, if another than http://127.0.0.1:PORT")
	flags.StringVar(&o.caFile, "ca-file", "", "PEM `file` with the CA of a proxy that has a private one; remembered with the login")
	flags.StringVar(&o.storeName, "store", "", "where credentials are kept: keyring, or file for machines without one (default: TSHMCP_STORE, else keyring)")
	flags.StringVar(&o.browser, "browser", "", "none prints the link instead of opening the browser")
	flags.DurationVar(&o.ttl, "ttl", 0, "how long the login shall last, 1m to 30h and as far as your roles allow (default: what the cluster gives)")
	return cmd
}

func (o *loginOptions) run(ctx context.Context) error {
	if err := o.checkFlags(); err != nil {
		return err
	}
	t, err := o.target()
	if err != nil {
		return err
	}
	o.warnInsecure(o.proxyFlags)
	if err := o.find(ctx, t); err != nil {
		return err
	}
	if err := o.route(ctx, t); err != nil {
		return err
	}
	for _, w := range teleport.CheckVersion(t.ping.ServerVersion, t.ping.MinClientVersion) {
		o.warn("%s", w)
	}
	signIn, err := o.way(t)
	if err != nil {
		return err
	}
	// A person should not sign in only to learn that the result cannot be kept.
	if err := o.store().Check(ctx, t.profile.Store); err != nil {
		return err
	}
	if err := o.motd(ctx, t); err != nil {
		return err
	}
	id, err := signIn(ctx)
	if err != nil {
		return err
	}
	if err := o.save(ctx, t.profile, id); err != nil {
		return err
	}
	o.greet(t.profile)
	return o.keepApps(ctx, t, id)
}

// target is the profile to be and the proxy it is about. What an earlier login
// to the same proxy was told, the CA file, the store and the connector, stays in
// force.
func (o *loginOptions) target() (*loginTarget, error) {
	addr, err := o.address(o.env)
	if err != nil {
		return nil, err
	}
	before, err := o.store().Profile(addr)
	if err != nil {
		before = &creds.Profile{}
	}
	if addr == "" {
		addr = before.Proxy
	}
	if addr == "" {
		return nil, &usageError{Usage: "tshmcp login --proxy=ADDR", Err: errNoProxy}
	}
	backend, err := o.backend(before.Store)
	if err != nil {
		return nil, err
	}
	ca, err := readCAFile(o.caFile)
	if err != nil {
		return nil, err
	}
	if ca == "" {
		ca = before.WebCA
	}
	proxy, err := o.clusters().NewProxy(addr, ca, o.insecure)
	if err != nil {
		return nil, err
	}
	return &loginTarget{
		proxy:      proxy,
		profile:    &creds.Profile{Proxy: addr, WebCA: ca, Store: backend, TTL: o.asked(before)},
		userBefore: before.Username,
		authBefore: before.Auth,
	}, nil
}

// asked is the lifetime that was named: by --ttl, or for a sign-in that a
// running bridge opens, at the login before. 0 is none.
func (o *loginOptions) asked(before *creds.Profile) time.Duration {
	if o.attended {
		return o.ttl
	}
	return before.TTL
}

// backend is the store asked for by flag or environment, else the one that the
// earlier login used, else the keyring.
func (o *loginOptions) backend(before creds.Backend) (creds.Backend, error) {
	name := o.storeName
	if name == "" {
		name = o.getenv("TSHMCP_STORE")
	}
	if name == "" {
		name = string(before)
	}
	switch creds.Backend(name) {
	case "", creds.Keyring:
		return creds.Keyring, nil
	case creds.File:
		o.warn("credentials are kept unencrypted in %s (--store=file)", o.stateDir())
		return creds.File, nil
	}
	return "", &usageError{Err: fmt.Errorf("--store takes keyring or file, not %q", name)}
}

// opener is nil when no browser shall or can be opened.
func (o *loginOptions) opener() func(string) error {
	if o.browser == "none" {
		return nil
	}
	if why := o.noBrowser(); why != "" {
		return func(string) error { return fmt.Errorf("%s", why) }
	}
	return o.open
}

// noBrowser says why a browser on this machine would not reach the person.
func (e *env) noBrowser() string {
	switch {
	case e.getenv("SSH_CONNECTION") != "" || e.getenv("SSH_TTY") != "":
		return "this is an SSH session"
	case e.goos == "linux" && e.getenv("DISPLAY") == "" && e.getenv("WAYLAND_DISPLAY") == "":
		return "there is no display"
	}
	return ""
}

// show tells the person the link.
func (o *loginOptions) show(link string, openErr error) { o.showAs("sign in")(link, openErr) }

// showAs tells the person the link and what it is there for.
func (o *loginOptions) showAs(purpose string) func(link string, openErr error) {
	return func(link string, openErr error) {
		switch {
		case o.browser == "none":
			fmt.Fprintf(o.stderr, "Open this link to %s:\n\n  %s\n\n", purpose, link)
		case openErr != nil:
			fmt.Fprintf(o.stderr, "No browser was opened: %v.\n%s\n\n  %s\n\n", openErr, o.whereToOpen(), link)
		default:
			fmt.Fprintf(o.stderr, "Opening the browser to %s. If it does not open, use this link:\n\n  %s\n\n", purpose, link)
		}
	}
}

// whereToOpen says which browsers the link is for.
func (o *loginOptions) whereToOpen() string {
	if o.bindAddr != "" {
		return "Open this link in a browser:"
	}
	return "Open this link in a browser on this machine (over SSH: forward its port with ssh -L):"
}

// unlockTime is how long login waits for a keyring that asks its user for a
// password.
const unlockTime = time.Minute

// store is the credential store with the patience for a person.
func (o *loginOptions) store() *creds.Store {
	s := o.global.store()
	s.Timeout = unlockTime
	return s
}

func (o *loginOptions) save(ctx context.Context, profile *creds.Profile, id *teleport.Identity) error {
	pair, err := access.FromIdentity(id)
	if err != nil {
		return err
	}
	profile.Username = id.Username()
	profile.Roles = id.Roles()
	profile.Expires = id.Expires()
	for _, ca := range id.HostCAs {
		profile.HostCAs = append(profile.HostCAs, access.CertPEM(ca))
	}
	if err := o.store().SaveLogin(ctx, *profile, pair); err != nil {
		return err
	}
	o.forgetRefusal(profile.Proxy)
	return nil
}

// route finds out, before anybody signs in, whether and how the cluster can be
// reached behind its web address, and has the profile remember it.
func (o *loginOptions) route(ctx context.Context, t *loginTarget) error {
	route := t.proxy.FindRoute(ctx)
	// A proxy that speaks Teleport's protocols at its web address all the same
	// is not to be refused for what it says.
	if t.ping.Proxy.TLSRoutingOff() && route != teleport.RouteDirect {
		return &teleport.NoTLSRoutingError{Cluster: t.ping.ClusterName}
	}
	t.profile.ConnUpgrade = t.proxy.Upgrade.Needed()
	return nil
}

func (o *loginOptions) greet(p *creds.Profile) {
	fmt.Fprintf(o.stderr, "Logged in to %s as %s (roles: %s), valid until %s.\n",
		oneLine(p.Cluster), oneLine(p.Username), oneLine(strings.Join(p.Roles, ", ")), p.Expires.Local().Format("2006-01-02 15:04 MST"))
}
