// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"

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
	profile.Assumed = assumedAgain(ctx, t, f.Teller, id)
	if !f.Unattended {
		return f.Store.SaveLogin(ctx, *profile, pair)
	}
	err = f.Store.SaveLogin(ctx, *profile, pair, creds.Renews(t.renews))
	if errors.Is(err, creds.ErrNotFound) {
		return &NothingToRenewError{Proxy: profile.Proxy}
	}
	return err
}
