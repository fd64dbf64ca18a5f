// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestValid: whoever is logged in signs in again only for what that login does not
// have, or when it is of no use.
func TestValid(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Flow, *teller)
		signs  bool
	}{
		"nothing":          {change: func(*Flow, *teller) {}},
		"the same again":   {change: func(f *Flow, _ *teller) { f.User, f.Backend = "alice", creds.File }},
		"another listener": {change: func(f *Flow, _ *teller) { f.Listen = "127.0.0.1:0" }},
		"forced":           {change: func(f *Flow, _ *teller) { f.Force = true }, signs: true},
		"a lifetime":       {change: func(f *Flow, _ *teller) { f.TTL = time.Hour }, signs: true},
		"another CA":       {change: func(f *Flow, l *teller) { f.WebCA = string(l.cluster.WebCA()) }, signs: true},
		"a bridge's":       {change: func(f *Flow, _ *teller) { f.Unattended = true }, signs: true},
		"expired":          {change: amended(func(p *creds.Profile) { p.Expires = time.Now().Add(-time.Minute) }), signs: true},
		"about to": {change: amended(func(p *creds.Profile) {
			p.Issued, p.Expires = time.Now().Add(-time.Hour), time.Now().Add(5*time.Second)
		}), signs: true},
		"of another cluster": {change: amended(func(p *creds.Profile) { p.HostCAs = nil }), signs: true},
		"made with insecure": {change: amended(func(p *creds.Profile) { p.Insecure = true }), signs: true},
		"secrets are gone": {change: func(f *Flow, l *teller) {
			if err := os.RemoveAll(filepath.Join(f.Store.Dir, "store")); err != nil {
				l.t.Fatal(err)
			}
		}, signs: true},
	} {
		t.Run(name, func(t *testing.T) {
			f, told := startFlow(t, users(""))
			loggedIn(t, f, nil)
			told.told = nil
			test.change(f, told)
			done, err := f.Run(t.Context())
			told.browser.Wait()
			if err != nil {
				t.Fatal(err)
			}
			if signed := slices.Contains(told.told, "sign in"); signed != test.signs || done.Valid == test.signs || done.Profile.Username != "alice" {
				t.Errorf("told %q, it ends as %+v", told.told, done)
			}
		})
	}
}

// amended changes the profile of the login that there is.
func amended(change func(*creds.Profile)) func(*Flow, *teller) {
	return func(f *Flow, l *teller) {
		p, err := f.Store.Profile("")
		if err == nil {
			err = f.Store.Amend(l.t.Context(), p, change)
		}
		if err != nil {
			l.t.Fatal(err)
		}
	}
}

// TestValidIsUsed: a login that is valid becomes the one that commands use.
func TestValidIsUsed(t *testing.T) {
	f, told := startFlow(t, users(""))
	loggedIn(t, f, nil)
	other := creds.Profile{Proxy: "z.test:443", Cluster: "z", Username: "ann", Store: creds.File, Expires: time.Now().Add(time.Hour)}
	if err := f.Store.SaveLogin(t.Context(), other, creds.KeyPair{Key: []byte("k"), Cert: []byte("c")}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p, err := f.Store.Profile(""); err != nil || p.Proxy != addrOf(told.cluster).String() {
		t.Errorf("%+v, %v", p, err)
	}
}
