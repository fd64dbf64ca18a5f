// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// headlessOffError means that the cluster has no headless logins.
type headlessOffError struct{ Cluster string }

func (e *headlessOffError) Error() string {
	return oneLine(e.Cluster) + " does not allow headless logins"
}

// headless waits for the user to approve the login in a browser on another
// computer. What comes of it lives one minute: enough to get the certificates
// of the apps that --app names, which live on.
func (o *loginOptions) headless(t *loginTarget) signIn {
	return func(ctx context.Context) (*teleport.Identity, error) {
		if !t.ping.Auth.AllowHeadless {
			return nil, &headlessOffError{Cluster: t.ping.ClusterName}
		}
		if len(o.apps) == 0 {
			o.warn("a headless login lasts one minute; name the MCP servers to use for longer with --app=NAME")
		}
		user := cmp.Or(o.user, t.userBefore, o.account)
		if user == "" {
			return nil, errNoUser
		}
		ceremony := &login.Headless{Proxy: t.proxy, User: user, Log: o.logger(o.debug), Show: func(link string) {
			fmt.Fprintf(o.stderr, "Approve this login of %s within 3 minutes, in a browser on any computer:\n\n  %s\n\n", oneLine(user), link)
		}}
		id, err := ceremony.Run(ctx)
		if err != nil {
			return nil, t.as(user, err)
		}
		return id, nil
	}
}

// keepApps gets and stores the certificates of the apps that --app names, for
// the time after the login's one minute.
func (o *loginOptions) keepApps(ctx context.Context, t *loginTarget, id *teleport.Identity) error {
	if len(o.apps) == 0 {
		return nil
	}
	auth, err := t.proxy.DialAuth(id)
	if err != nil {
		return err
	}
	defer auth.Close()
	c := &cluster{store: o.store(), profile: t.profile, proxy: t.proxy, now: o.now}
	until := o.now().Add(t.ttl)
	for _, name := range o.apps {
		expires, err := keepApp(ctx, c, auth, name, until)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.stderr, "%s can be used until %s.\n", oneLine(name), localTime(expires))
	}
	return nil
}

func keepApp(ctx context.Context, c *cluster, auth *teleport.Auth, name string, until time.Time) (time.Time, error) {
	app, err := findApp(ctx, c, auth, name)
	if err != nil {
		return time.Time{}, err
	}
	if err := checkBridgeable(*app, "/"); err != nil {
		return time.Time{}, err
	}
	cert, err := auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app, Expires: until, OutlivesLogin: true})
	if err != nil {
		return time.Time{}, err
	}
	return cert.Leaf.NotAfter, (&appCerts{app: name}).save(ctx, c, app, cert)
}

// findApp looks up an app; if there is none, the error names similar ones.
func findApp(ctx context.Context, c *cluster, auth *teleport.Auth, name string) (*teleport.App, error) {
	app, err := auth.App(ctx, name)
	var missing *teleport.AppNotFoundError
	if !errors.As(err, &missing) {
		return app, err
	}
	all, err := auth.Apps(ctx)
	if err != nil {
		return nil, err
	}
	return nil, newUnknownServerError(name, c, all)
}
