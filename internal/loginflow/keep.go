// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// save stores the identity, and what it says about itself in the profile.
func (f *Flow) save(ctx context.Context, t *target, id *teleport.Identity) error {
	profile := t.profile
	pair, err := access.FromIdentity(id)
	if err != nil {
		return err
	}
	profile.Username = id.Username()
	profile.Roles = id.Roles()
	profile.Issued, profile.Expires, profile.ClockSkew = access.IssuedAt(id.Cert), id.Expires(), t.proxy.Clock.Skew()
	for _, ca := range id.HostCAs {
		profile.HostCAs = append(profile.HostCAs, access.CertPEM(ca))
	}
	if !f.Unattended {
		return f.Store.SaveLogin(ctx, *profile, pair)
	}
	err = f.Store.SaveLogin(ctx, *profile, pair, creds.Renews(t.renews))
	if errors.Is(err, creds.ErrNotFound) {
		return &NothingToRenewError{Proxy: profile.Proxy}
	}
	return err
}

// KeepApps gets and stores the certificates of apps by their names, for the time
// after a login's one minute, and tells of each until when it can be used.
func (r *Result) KeepApps(ctx context.Context, store *creds.Store, names []string, now time.Time, kept func(name string, until time.Time)) error {
	if len(names) == 0 {
		return nil
	}
	auth, err := r.Proxy.DialAuth(r.Identity)
	if err != nil {
		return err
	}
	defer auth.Close()
	c := access.Fresh(store, r.Profile, r.Proxy)
	for _, name := range names {
		expires, err := c.KeepApp(ctx, auth, name, now.Add(r.TTL))
		if err != nil {
			return err
		}
		kept(name, expires)
	}
	return nil
}
