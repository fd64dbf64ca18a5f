// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"slices"
	"time"
)

// Assumed is what access requests give to a login for a while: a certificate for
// the login's own key. The login stays as it is beside it, and counts again when it
// is over.
type Assumed struct {
	Requests []string  `json:"requests"`       // ids
	Roles    []string  `json:"roles"`          // of the certificate
	Apps     []App     `json:"apps,omitempty"` // which alone the certificate is good for; none: for all that the roles allow
	Cert     string    `json:"cert"`           // PEM
	Expires  time.Time `json:"expires"`        // by the cluster's clock
}

// AssumedFor is what counts for an app at a time: what was assumed for that app,
// else for all apps; nil for the login itself. No app is for all.
func (p *Profile) AssumedFor(app App, now time.Time) *Assumed {
	var found *Assumed
	for i, a := range p.Assumed {
		switch {
		case !now.Before(a.Expires):
		case slices.Contains(a.Apps, app):
			return &p.Assumed[i]
		case len(a.Apps) == 0:
			found = &p.Assumed[i]
		}
	}
	return found
}

// sameFor reports whether both profiles have the same certificate for an app.
func (p *Profile) sameFor(app App, other *Profile) bool {
	a, b := p.AssumedFor(app, time.Time{}), other.AssumedFor(app, time.Time{})
	if a == nil || b == nil {
		return a == b
	}
	return a.Cert == b.Cert
}

// Assume changes what is assumed with the login of p, which must still be the one on
// disk, as for [Store.Amend]. The stored certificates of apps for which something
// else counts then are deleted: they were issued to what counted before.
func Assume(ctx context.Context, s *Store, p *Profile, change func([]Assumed) []Assumed) error {
	return changeLogin(ctx, s, p, func(stored *Profile, ix *index) error {
		next := *stored
		next.Assumed = change(slices.Clone(stored.Assumed))
		gone := func(e entry) bool {
			app, ok := appOf(stored, e)
			return ok && !next.sameFor(app, stored)
		}
		if err := s.vault().drop(ctx, ix, gone); err != nil {
			return err
		}
		return s.profiles().amend(p, func(p *Profile) { p.Assumed = next.Assumed })
	})
}
