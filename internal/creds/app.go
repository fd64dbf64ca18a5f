// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"crypto/x509"
	"time"
)

// App names an app of the cluster of a login: the same name in a leaf cluster
// is another app.
type App struct {
	Leaf string // the leaf cluster that has the app; "" is the root
	Name string
}

// SaveApp stores the certificate of an app beside the login of p, which must
// still be the one on disk: otherwise it returns ErrSuperseded or, after a
// logout, ErrNotFound.
func (s *Store) SaveApp(ctx context.Context, p *Profile, app App, kp KeyPair) error {
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	stored, err := s.Profile(p.Proxy)
	if err != nil {
		return err
	}
	if !stored.sameLogin(p) {
		return ErrSuperseded
	}
	ix, err := s.index(p.Proxy)
	if err != nil {
		return err
	}
	e := appEntry(stored, app)
	if err := s.put(ctx, ix, e, &kp); err != nil {
		return err
	}
	return s.noteExpiry(ix, e, &kp)
}

// noteExpiry keeps what is not secret about an app's certificate where no
// keyring has to be asked for it.
func (s *Store) noteExpiry(ix *index, e entry, kp *KeyPair) error {
	cert, err := x509.ParseCertificate(kp.Cert)
	if err != nil {
		return nil // whoever needs the certificate will say so
	}
	if ix.Until == nil {
		ix.Until = map[string]time.Time{}
	}
	ix.Until[e.Account] = cert.NotAfter
	return s.writeIndex(ix)
}

// App returns the key and certificate of an app, or ErrNotFound.
func (s *Store) App(ctx context.Context, p *Profile, app App) (*KeyPair, error) {
	return s.get(ctx, appEntry(p, app))
}

// DeleteApp deletes the certificate of an app, if there is one.
func (s *Store) DeleteApp(ctx context.Context, p *Profile, app App) (err error) {
	defer toRemove(&err)
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	ix, err := s.index(p.Proxy)
	if err != nil {
		return err
	}
	e := appEntry(p, app)
	return s.drop(ctx, ix, func(other entry) bool { return other == e })
}

func appEntry(p *Profile, app App) entry {
	return entry{p.Store.orDefault(), appAccount(p, app)}
}

// sameLogin reports whether both profiles come from one login: a new one gets
// a new expiry.
func (p *Profile) sameLogin(other *Profile) bool {
	return p.Username == other.Username && p.Store == other.Store.orDefault() && p.Expires.Equal(other.Expires)
}
