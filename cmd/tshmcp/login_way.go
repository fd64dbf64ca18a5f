// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// loginTarget is what a login is about.
type loginTarget struct {
	proxy      *teleport.Proxy
	profile    *creds.Profile // to be
	ping       *teleport.Ping
	userBefore string        // of the login before to the same proxy
	authBefore string        // the connector that it named
	ttl        time.Duration // see lifetime
}

// signIn is one way to log in.
type signIn func(context.Context) (*teleport.Identity, error)

// signInError adds to a refused login what the server does not tell.
type signInError struct {
	User, Cluster, Version, Proxy string
	Err                           error
}

func (e *signInError) Error() string { return e.Err.Error() }
func (e *signInError) Unwrap() error { return e.Err }

func (t *loginTarget) as(user string, err error) error {
	return &signInError{User: user, Cluster: t.ping.ClusterName, Version: t.ping.ServerVersion, Proxy: t.proxy.Addr, Err: err}
}

// passwordlessError means that a security key was to be asked by this program.
type passwordlessError struct{}

func (*passwordlessError) Error() string {
	return "passwordless logins need a security key at this program, which tshmcp does not support"
}

// connectorTypeError means that the cluster signs users in by something new.
type connectorTypeError struct{ Cluster, Type string }

func (e *connectorTypeError) Error() string {
	return fmt.Sprintf("%s signs users in by %q, which tshmcp does not know", oneLine(e.Cluster), e.Type)
}

// find asks the cluster how it signs users in: by the connector that was named,
// now or at the login before, else by its default.
func (o *loginOptions) find(ctx context.Context, t *loginTarget) (err error) {
	t.profile.Auth = o.connector
	if o.connector == "" {
		t.profile.Auth = t.authBefore
	}
	t.ping, err = t.proxy.Ping(ctx, t.profile.Auth)
	var refused *teleport.APIError
	if o.connector == "" && t.profile.Auth != "" && errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		t.profile.Auth = "" // the cluster has it no more
		t.ping, err = t.proxy.Ping(ctx, "")
	}
	if err != nil {
		return err
	}
	t.profile.Cluster = t.ping.ClusterName
	t.ttl = o.lifetime(ctx, t)
	if t.profile.Auth == "headless" {
		t.profile.Auth = t.authBefore // for once
	}
	return nil
}

// lifetime is what a browser login must ask for, and a headless one asks for its
// apps: what was named, else what the cluster gives by default, which it tells
// for no connector by name, else 12 h. What no login may ask for becomes the
// nearest that one may.
func (o *loginOptions) lifetime(ctx context.Context, t *loginTarget) time.Duration {
	ttl := cmp.Or(t.profile.TTL, time.Duration(t.ping.Auth.DefaultSessionTTL))
	if ttl == 0 && t.profile.Auth != "local" {
		if plain, err := t.proxy.Ping(ctx, ""); err == nil {
			ttl = time.Duration(plain.Auth.DefaultSessionTTL)
		}
	}
	if ttl <= 0 {
		return login.DefaultTTL
	}
	return min(max(ttl, login.MinTTL), login.MaxTTL)
}

// way chooses how to log in, by what the cluster says.
func (o *loginOptions) way(t *loginTarget) (signIn, error) {
	auth := t.ping.Auth
	if strings.HasPrefix(auth.PrivateKeyPolicy, "hardware_key") {
		return nil, &teleport.PolicyError{Policy: auth.PrivateKeyPolicy}
	}
	if connector, ok := auth.Connector(); ok {
		return o.sso(t, connector), o.checkSSO(connector)
	}
	switch {
	case auth.Type != "local":
		return nil, &connectorTypeError{Cluster: t.ping.ClusterName, Type: oneLine(auth.Type)}
	case o.connector == "passwordless":
		return nil, &passwordlessError{}
	case o.connector == "headless":
		return o.headless(t), nil
	case len(o.apps) > 0:
		return nil, errAppsAreForHeadless
	}
	return o.local(t), nil
}

var errAppsAreForHeadless = &usageError{Err: errors.New("--app is for --auth=headless: other logins need none")}

// checkSSO complains about flags that say nothing to an identity provider.
func (o *loginOptions) checkSSO(c teleport.Connector) error {
	switch {
	case o.passwordStdin:
		return &usageError{Err: fmt.Errorf("--password-stdin is for the cluster's own users (--auth=local), %s is a %s connector", c.Display, c.Type)}
	case len(o.apps) > 0:
		return errAppsAreForHeadless
	case o.user != "":
		o.warn("--user=%s has no effect: the connector %s decides who you are", oneLine(o.user), c.Display)
	}
	return nil
}

// sso signs in through the browser at the identity provider.
func (o *loginOptions) sso(t *loginTarget, connector teleport.Connector) signIn {
	return (&login.SSO{
		Proxy: t.proxy, Connector: connector, Cluster: t.ping.ClusterName, TTL: t.ttl,
		Listen: o.bindAddr, Callback: o.callback, Open: o.opener(), Show: o.show,
		Log: o.logger(o.debug),
	}).Run
}

// checkFlags finds what is wrong with the flags before anything is done, and
// brings --callback into its form.
func (o *loginOptions) checkFlags() (err error) {
	if o.browser != "" && o.browser != "none" {
		return &usageError{Err: fmt.Errorf("--browser takes none, not %q", o.browser)}
	}
	if o.bindAddr != "" {
		_, port, err := net.SplitHostPort(o.bindAddr)
		if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 && o.callback != "" {
			return &usageError{Err: fmt.Errorf("--bind-addr takes an address with a port, such as 0.0.0.0:8080, not %q", o.bindAddr)}
		}
	}
	if o.callback == "" {
		return nil
	}
	if o.bindAddr == "" {
		return &usageError{Err: errors.New("--callback needs --bind-addr: the address at which the callback arrives")}
	}
	if o.callback, err = login.ParseCallback(o.callback); err != nil {
		return &usageError{Err: err}
	}
	return nil
}
