// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/access"
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
	c := access.Fresh(o.store(), t.profile, t.proxy, o.now)
	until := o.now().Add(t.ttl)
	for _, name := range o.apps {
		expires, err := c.KeepApp(ctx, auth, name, until)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.stderr, "%s can be used until %s.\n", oneLine(name), access.LocalTime(expires))
	}
	return nil
}
