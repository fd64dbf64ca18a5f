// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"errors"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Auths are the auth services that answer for a cluster. A leaf is asked about
// itself; what the user is given comes from the root (protocol.md 6.7).
type Auths struct {
	ID   *teleport.Identity
	Root *teleport.RootAuth // issues certificates
	Home *teleport.Auth     // that of the cluster that was asked for: apps and roles
}

// Ask puts a question to the auth services as the logged-in user. It may be
// called a second time, so it must only read, or write with its last step.
func (c *Cluster) Ask(ctx context.Context, question func(Auths) error) error {
	id, err := c.Identity(ctx)
	if err != nil {
		return err
	}
	root, err := c.Proxy.DialAuth(id)
	if err != nil {
		return err
	}
	defer root.Close()
	defer keepSkew(ctx, c)
	at := Auths{ID: id, Root: root, Home: root.Auth}
	if c.Leaf == "" {
		return c.loginOver(ctx, question(at))
	}
	return c.loginOver(ctx, leafOf{c}.ask(ctx, at, question))
}

// loginOver turns the cluster's word that the login is over into the error of a
// login that has expired, whichever it is that is in use. The cluster's own is
// left out: what was denied is the login, not the user.
func (c *Cluster) loginOver(ctx context.Context, err error) error {
	var over *teleport.ExpiredError
	if !errors.As(err, &over) {
		return err
	}
	expired := &identfile.ExpiredError{Expires: over.Expires}
	switch {
	case c.borrowed == nil:
		if c.CheckExpiry() == nil { // one of the clocks is wrong
			c.CompareClocks(ctx)
		}
		return c.Overruled()
	case c.From == FromTSH:
		return &TSHError{Proxy: c.Profile.Proxy, Err: expired}
	}
	return &IdentityError{File: c.borrowed.File, Err: expired}
}
