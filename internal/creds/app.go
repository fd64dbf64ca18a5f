// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// App names an app of the cluster of a login: the same name in a leaf cluster
// is another app.
type App struct {
	Leaf string `json:"leaf,omitempty"` // the leaf cluster that has the app; "" is the root
	Name string `json:"name"`
}

// SaveApp stores the certificate of an app beside the login of p, which must
// still be the one on disk: otherwise it returns ErrSuperseded or, after a
// logout, ErrNotFound.
func (s *Store) SaveApp(ctx context.Context, p *Profile, app App, kp KeyPair) error {
	return changeLogin(ctx, s, p, func(stored *Profile, ix *index) error {
		if !stored.sameFor(app, p) {
			return ErrSuperseded
		}
		e := appEntry(stored, app)
		if err := s.vault().put(ctx, ix, e, &kp); err != nil {
			return err
		}
		return s.vault().noteExpiry(ix, e, &kp)
	})
}

// App returns the key and certificate of an app, or ErrNotFound.
func (s *Store) App(ctx context.Context, p *Profile, app App) (*KeyPair, error) {
	return s.vault().get(ctx, appEntry(p, app))
}

// Apps returns the apps with a certificate of this login, those of the root
// first, sorted by leaf and name. It reads the index alone: no keyring is asked,
// and a certificate may have expired or be gone. A name too long for an account
// is as it is in there.
func (s *Store) Apps(p *Profile) ([]App, error) {
	until, err := s.AppsUntil(p)
	apps := slices.Collect(maps.Keys(until))
	sort.Slice(apps, func(i, j int) bool {
		a, b := apps[i], apps[j]
		return a.Leaf < b.Leaf || a.Leaf == b.Leaf && a.Name < b.Name
	})
	return apps, err
}

// AppsUntil is Apps with the time at which each certificate expires, which is
// the zero time where it is not known.
func (s *Store) AppsUntil(p *Profile) (map[App]time.Time, error) {
	ix, err := s.vault().index(p.Proxy)
	if err != nil {
		return nil, err
	}
	apps := map[App]time.Time{}
	for _, e := range ix.Entries {
		if app, ok := appOf(p, e); ok {
			apps[app] = ix.Until[e.Account]
		}
	}
	return apps, nil
}

// appOf is the app of an entry, and whether it is one of the profile's.
func appOf(p *Profile, e entry) (App, bool) {
	name, ok := strings.CutPrefix(e.Account, appPrefix)
	if !ok || e.Store != p.Store.orDefault() {
		return App{}, false
	}
	name, ok = strings.CutSuffix(name, " "+identityName(p))
	name, leaf, _ := strings.Cut(name, "@")
	return App{Leaf: unescape(leaf), Name: unescape(name)}, ok
}

func appEntry(p *Profile, app App) entry {
	return entry{p.Store.orDefault(), appAccount(p, app)}
}

// sameLogin reports whether both profiles come from one login: a new one gets
// a new expiry.
func (p *Profile) sameLogin(other *Profile) bool {
	return p.Username == other.Username && p.Store == other.Store.orDefault() && p.Expires.Equal(other.Expires)
}
