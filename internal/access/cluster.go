// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Cluster is one Teleport cluster with the identity to use there: a login of
// tshmcp's own, or one that is borrowed from another program.
type Cluster struct {
	Profile *creds.Profile // of a borrowed identity: what its certificate says
	Leaf    string         // the leaf cluster that is meant; "" is the root
	Proxy   *teleport.Proxy
	From    Origin
	Named   []string // see Source; of one that was opened by it

	asFor    creds.App // for which app the user asks; "": for all
	clock    *teleport.Clock
	store    *creds.Store        // nil if the identity is borrowed: nothing of it is kept
	keeper   *Keeper             // nil: what is kept is stored at once
	borrowed *identfile.Identity // nil for a login
}

// Stored is the cluster of a login that is stored, to be reached by proxy, which is
// not changed.
func Stored(store *creds.Store, profile *creds.Profile, proxy *teleport.Proxy) (*Cluster, error) {
	p := *proxy
	c := &Cluster{Profile: profile, Proxy: &p, store: store, clock: p.Clock}
	return c, findRoute(c)
}

// Now is the time by the cluster's clock, as far as it is known.
func (c *Cluster) Now() time.Time { return c.clock.Now() }

// Name is the cluster that is meant: a leaf or the root.
func (c *Cluster) Name() string { return cmp.Or(c.Leaf, c.Profile.Cluster) }

// flagsOf are those with which another command line means a cluster, also one that no
// command line has named.
func flagsOf(c *Cluster) []string {
	if len(c.Named) == 0 && c.Leaf != "" {
		return []string{"--cluster=" + c.Leaf}
	}
	return c.Named
}

// Root is the root of the cluster, as the same user.
func (c *Cluster) Root() *Cluster {
	root := *c
	root.Leaf = ""
	return &root
}

// Same is true for the cluster of one and the same login.
func (c *Cluster) Same(other *Cluster) bool {
	return c != nil && c.From == other.From && c.Profile.Proxy == other.Profile.Proxy
}

// File is the path of a borrowed identity, or of tsh's directory; empty for a
// login.
func (c *Cluster) File() string {
	if c.borrowed == nil {
		return ""
	}
	return c.borrowed.File
}

// Identity returns the key and certificate of the login, from the store, or
// those that are borrowed.
func (c *Cluster) Identity(ctx context.Context) (*teleport.Identity, error) {
	if c.borrowed != nil {
		return c.borrowedLogin(ctx)
	}
	pair, err := c.store.Login(ctx, c.Profile)
	if errors.Is(err, creds.ErrNotFound) {
		return nil, &NotLoggedInError{Proxy: c.Profile.Proxy}
	}
	if err != nil {
		return nil, err
	}
	if err := c.checkTime(ctx); err != nil {
		return nil, err
	}
	id, err := toIdentity(pair, c.Profile.HostCAs)
	if err != nil {
		return nil, errcode.Errorf(errcode.StoreDamaged, "stored login of %s: %w", c.Profile.Proxy, err)
	}
	c.tell("the login's certificate", id.Cert, string(c.Profile.Store))
	return id, elevate(c, id)
}

// CheckExpiry says that the identity has expired, or nil.
func (c *Cluster) CheckExpiry() error {
	switch {
	case c.borrowed != nil:
		return c.checkBorrowed()
	case !c.Now().Before(c.Profile.Expires):
		over := c.Expired()
		over.By = reading(c)
		return over
	}
	return nil
}

// AppsUntil are the apps of a login whose certificates are stored, and until
// when they are valid as far as that is known; none of a borrowed identity.
func (c *Cluster) AppsUntil() (map[creds.App]time.Time, error) {
	if c.store == nil {
		return nil, nil
	}
	return c.store.AppsUntil(c.Profile)
}

// keep has something of the login stored: by the keeper if there is one, else at
// once. That it could not be stored is no error.
func (c *Cluster) keep(ctx context.Context, what string, save func(context.Context, *creds.Profile) error) {
	if c.store == nil {
		return
	}
	p := *c.Profile
	if c.keeper == nil {
		_ = save(ctx, &p)
		return
	}
	c.keeper.keep(what, func(ctx context.Context) error { return save(ctx, &p) })
}
