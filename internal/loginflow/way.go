// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// find asks the cluster how it signs users in: by the connector that was named,
// now or at the login before, else by its default.
func (f *Flow) find(ctx context.Context, t *target) (err error) {
	t.profile.Auth = cmp.Or(f.Connector, t.before.Auth)
	t.ping, err = t.proxy.Ping(ctx, t.profile.Auth)
	var refused *teleport.APIError
	if f.Connector == "" && t.profile.Auth != "" && errors.As(err, &refused) && refused.Status == http.StatusBadRequest {
		t.profile.Auth = "" // the cluster has it no more
		t.ping, err = t.proxy.Ping(ctx, "")
	}
	if err != nil {
		err = unknownConnector(login.Limited(err))
		var unknown *UnknownConnectorError
		if errors.As(err, &unknown) {
			unknown.Similar = similar.To(f.Connector, ways(ctx, t))
		}
		return err
	}
	t.profile.Cluster = t.ping.ClusterName
	if err := f.sameCluster(ctx, t); err != nil {
		return err
	}
	t.ttl = f.lifetime(ctx, t)
	if t.profile.Auth == "headless" {
		t.profile.Auth = t.before.Auth // for once
	}
	return nil
}

// ways are the ways to sign in that are known: the cluster tells its default one,
// and does not list the others.
func ways(ctx context.Context, t *target) []string {
	all := []string{"local", "headless", t.before.Auth}
	if ping, err := t.proxy.Ping(ctx, ""); err == nil {
		if c, ok := ping.Auth.Connector(); ok {
			all = append(all, c.Name)
		}
	}
	return all
}

// lifetime is what a browser login must ask for, and a headless one asks for its
// apps: what was named, else what the cluster gives by default, which it tells
// for no connector by name, else 12 h. What no login may ask for becomes the
// nearest that one may.
func (f *Flow) lifetime(ctx context.Context, t *target) time.Duration {
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
func (f *Flow) way(t *target) (signIn, error) {
	auth := t.ping.Auth
	if strings.HasPrefix(auth.PrivateKeyPolicy, "hardware_key") {
		return nil, &teleport.PolicyError{Policy: auth.PrivateKeyPolicy}
	}
	if connector, ok := auth.Connector(); ok {
		return f.sso(t, connector), f.checkSSO(connector)
	}
	switch {
	case auth.Type != "local":
		return nil, &ConnectorTypeError{Cluster: t.ping.ClusterName, Type: plain.Line(auth.Type)}
	case f.Connector == "passwordless":
		return nil, errPasswordless
	case f.Connector == "headless":
		return f.headless(t), nil
	}
	return f.local(t), nil
}

// checkSSO complains about what says nothing to an identity provider.
func (f *Flow) checkSSO(c teleport.Connector) error {
	if f.Lines != nil {
		return usage.Errorf("--password-stdin is for the cluster's own users (--auth=local); %s is a %s connector", c.Display, c.Type)
	}
	return nil
}

// sso signs in through the browser at the identity provider.
func (f *Flow) sso(t *target, connector teleport.Connector) signIn {
	return (&login.SSO{
		Proxy: t.proxy, Connector: connector, Cluster: t.ping.ClusterName, TTL: t.ttl,
		Listen: f.Listen, Callback: f.Callback, Open: f.Open, Show: f.show("sign in"),
		Warn: f.Warn, Judge: f.judge(t), Log: f.Log,
	}).Run
}

func (f *Flow) show(purpose string) func(link string, openErr error) {
	return func(link string, openErr error) { f.Link(purpose, link, openErr) }
}

// local signs in a user whom the cluster itself knows: with a password, and
// with a one-time code or, in the browser, a passkey.
func (f *Flow) local(t *target) signIn {
	return func(ctx context.Context) (*teleport.Identity, error) {
		if f.Unattended {
			return nil, &UnattendedError{Proxy: t.proxy.Addr}
		}
		person, leave, err := f.person()
		if err != nil {
			return nil, err
		}
		defer leave()
		user, err := person.user(ctx, f.User, t.before.Username)
		if err != nil {
			return nil, err
		}
		if err := f.sameUser(ctx, t, user); err != nil {
			return nil, err
		}
		return (&login.Local{
			Proxy: t.proxy, Cluster: t.ping.ClusterName, Version: t.ping.ServerVersion, User: user, TTL: t.profile.TTL,
			Ask: func(ctx context.Context, prompt login.Prompt) (string, error) {
				return person.answer(ctx, prompt, user)
			},
			Listen: f.Listen, Callback: f.Callback, Open: f.Open, Show: f.show("confirm with your passkey"),
			Warn: f.Warn, Log: f.Log,
		}).Run(ctx)
	}
}

// headless waits for the user to approve the login in a browser on another
// computer. What comes of it lives one minute: enough to get the certificates
// of apps, which live on.
func (f *Flow) headless(t *target) signIn {
	return func(ctx context.Context) (*teleport.Identity, error) {
		if !t.ping.Auth.AllowHeadless {
			return nil, &HeadlessOffError{Cluster: t.ping.ClusterName}
		}
		if !f.Apps {
			f.Warn("a headless login lasts one minute; name the MCP servers to use for longer with --app=NAME")
		}
		user := cmp.Or(f.User, t.before.Username, f.Account)
		if user == "" {
			return nil, errNoUser
		}
		if err := f.sameUser(ctx, t, user); err != nil {
			return nil, err
		}
		return (&login.Headless{
			Proxy: t.proxy, User: user, Cluster: t.ping.ClusterName, Log: f.Log,
			Show: func(link string) { f.Approval(user, link) },
		}).Run(ctx)
	}
}
