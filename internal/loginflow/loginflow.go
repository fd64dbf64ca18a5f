// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package loginflow logs somebody in to a cluster: it finds out how the cluster
// signs users in, chooses the way among the three of package login, goes it, and
// keeps what comes of it. What was asked for, the store, the way to the proxy
// and whoever is to be asked and told are handed in.
//
// What a login is not told it takes from the one before to the same proxy: the
// CA file, the store, the connector and the user.
package loginflow

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Flow is one login. Store, NewProxy, Teller and Terminal are needed, and the
// rest may be left zero.
type Flow struct {
	// What was asked for.
	Addr      teleport.Addr // of the proxy; none: that of the last login
	WebCA     string        // PEM; "": that of the login before
	Backend   creds.Backend // "": that of the login before, else the keyring
	Connector string        // by name, or local, headless; "": that of the login before, else the cluster's
	User      string        // whom the login must bring; "": the one of the login before, else whoever signs in
	TTL       time.Duration // 0: what the cluster gives
	Apps      bool          // it is for apps, whose certificates live longer than a headless login
	Listen    string        // as in login.SSO
	Callback  string        // as in login.SSO
	Force     bool          // somebody signs in although the login that there is will do

	// Unattended is for the sign-in that a running bridge opens: it renews the
	// login that there is, with all that the login says, and nobody is there to be
	// asked for anything else.
	Unattended bool
	// Lines are the answers to what a login asks, instead of the terminal's.
	Lines io.Reader
	// Account is the name of the user of this machine, to be offered.
	Account string

	Store    *creds.Store
	NewProxy func(addr, webCA string) (*teleport.Proxy, error)
	// Open opens the browser; nil: none is opened.
	Open func(url string) error
	Teller
	// Terminal opens the terminal where a person is asked, and closes it by the
	// function it returns.
	Terminal func() (Terminal, func() error, error)
	Log      *slog.Logger
}

// Teller tells the person what happens.
type Teller interface {
	Warn(format string, a ...any)
	// Link is a page to open in the browser, in order to do something; openErr
	// tells why it was not opened there.
	Link(purpose, url string, openErr error)
	// Approval is a page where the user approves the login, on any computer.
	Approval(user, url string)
	// Say says something that is no reason to worry.
	Say(format string, a ...any)
	// Message shows the cluster's message of the day. The login ends with its error.
	Message(ctx context.Context, text string) error
}

// Terminal asks a person.
type Terminal interface {
	Ask(ctx context.Context, prompt string) (string, error)
	AskSecret(ctx context.Context, prompt string) (string, error)
}

// Result is a login that is stored: a new one, or one that will still do.
type Result struct {
	Profile  *creds.Profile
	Proxy    *teleport.Proxy
	Identity *teleport.Identity // nil if Valid
	Valid    bool               // it was there already, and nobody has signed in
	TTL      time.Duration      // that was asked for, for the apps of a headless login
}

// target is what a login is about.
type target struct {
	proxy   *teleport.Proxy
	profile *creds.Profile // to be
	before  *creds.Profile // of the login before to the same proxy, else a zero one
	renews  *creds.Profile // what an unattended login began with
	ping    *teleport.Ping
	ttl     time.Duration // see lifetime
	user    string        // whom the login is for, once that is known
}

// signIn is one way to log in.
type signIn func(context.Context) (*teleport.Identity, error)

// Run logs in.
func (f *Flow) Run(ctx context.Context) (*Result, error) {
	done, err := run(ctx, f)
	var keyring *creds.KeyringError
	if errors.As(err, &keyring) {
		keyring.Login = !f.Unattended
	}
	return done, err
}

func run(ctx context.Context, f *Flow) (*Result, error) {
	var err error
	if f.Callback, err = parseCallback(f.Listen, f.Callback); err != nil {
		return nil, err
	}
	t, err := f.target(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.renewable(t); err != nil {
		return nil, err
	}
	if err := f.find(ctx, t); err != nil {
		return nil, err
	}
	if skewed := teleport.Skewed(t.proxy.Clock.Skew()); skewed != "" {
		f.Warn("%s: set it right; until then the cluster's clock counts", skewed)
	}
	if err := f.route(ctx, t); err != nil {
		return nil, err
	}
	for _, w := range teleport.CheckVersion(t.ping.ServerVersion, t.ping.MinClientVersion) {
		f.Warn("%s", w)
	}
	signIn, err := f.way(t)
	if err != nil {
		return nil, err
	}
	if is, err := (standing{f, t}).valid(ctx); is != nil || err != nil {
		return is, err
	}
	// A person should not sign in only to learn that the result cannot be kept.
	if err := f.Store.Check(ctx, t.profile.Store); err != nil {
		return nil, err
	}
	if err := f.motd(ctx, t); err != nil {
		return nil, err
	}
	id, err := signIn(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.mayReplace(ctx, t, id); err != nil {
		return nil, err
	}
	if err := f.save(ctx, t, id); err != nil {
		return nil, err
	}
	f.tellReplaced(t)
	return &Result{Profile: t.profile, Proxy: t.proxy, Identity: id, TTL: t.ttl}, nil
}

// target is the profile to be and the proxy it is about.
func (f *Flow) target(ctx context.Context) (*target, error) {
	addr, err := findPort(ctx, f)
	if err != nil {
		return nil, err
	}
	before := f.before(addr)
	if addr = cmp.Or(addr, before.Proxy); addr == "" {
		return nil, errNoProxy
	}
	named, ca := f.Backend, f.webCA(before)
	if f.Unattended {
		named = ""
	}
	backend := cmp.Or(named, before.Store, creds.Keyring)
	if backend == creds.File {
		f.Warn("credentials are kept unencrypted in %s (--store=file)", f.Store.Dir)
	}
	proxy, err := f.NewProxy(addr, ca)
	if err != nil {
		return nil, err
	}
	return &target{
		proxy:   proxy,
		profile: &creds.Profile{Proxy: addr, WebCA: ca, Store: backend, TTL: f.asked(before), Insecure: proxy.Insecure},
		before:  before,
	}, nil
}

// before is the login before to a proxy, the last one for ""; without any, a zero
// one.
func (f *Flow) before(addr string) *creds.Profile {
	before, err := f.Store.Profile(addr)
	if err != nil {
		return &creds.Profile{}
	}
	return before
}

// webCA is the proxy's CA, PEM, or empty.
func (f *Flow) webCA(before *creds.Profile) string {
	if f.Unattended {
		return before.WebCA
	}
	return cmp.Or(f.WebCA, before.WebCA)
}

// asked is the lifetime that was named: for this login, or where nobody is there
// to name one, at the login before. 0 is none.
func (f *Flow) asked(before *creds.Profile) time.Duration {
	if f.Unattended {
		return before.TTL
	}
	return f.TTL
}

// route finds out, before anybody signs in, whether and how the cluster can be
// reached behind its web address, and has the profile remember it.
func (f *Flow) route(ctx context.Context, t *target) error {
	route := t.proxy.FindRoute(ctx)
	// A proxy that speaks Teleport's protocols at its web address all the same
	// is not to be refused for what it says.
	if t.ping.Proxy.TLSRoutingOff() && route != teleport.RouteDirect {
		return &teleport.NoTLSRoutingError{Cluster: t.ping.ClusterName}
	}
	t.profile.ConnUpgrade = t.proxy.Upgrade.Needed()
	return nil
}

// motd shows the cluster's message of the day.
func (f *Flow) motd(ctx context.Context, t *target) error {
	if !t.ping.Auth.HasMOTD {
		return nil
	}
	text, err := t.proxy.MOTD(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		f.Warn("the message of the day could not be read: %v", err)
		return nil
	case text == "":
		return nil
	}
	return f.Message(ctx, text)
}
