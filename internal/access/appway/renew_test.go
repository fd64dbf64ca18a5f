// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestRenewal renews a certificate that ends before the login,
// ahead of time and into the store, and never beyond the login.
func TestRenewal(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	s.cluster.SetCertTTL(20 * time.Minute)
	first, err := w.links.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	life := first.cert.Leaf.NotAfter.Sub(first.cert.Leaf.NotBefore)
	if want := first.cert.Leaf.NotAfter.Add(-life / 10); !about(time.Now().Add(w.links.untilRenewal()), want) {
		t.Errorf("it is renewed in %v, want at %v", w.links.untilRenewal(), want)
	}
	s.cluster.SetCertTTL(0)
	for range 2 { // the second time there is nothing longer to have
		if err := w.links.renew(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	profile, err := s.store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.links.inHand().cert.Leaf.NotAfter; !about(got, profile.Expires) || got.After(profile.Expires) {
		t.Errorf("the certificate ends at %v, the login at %v", got, profile.Expires)
	}
	if until, err := s.store.AppsUntil(profile); err != nil || !about(until[creds.App{Name: "notes"}], profile.Expires) {
		t.Errorf("the store has %v, %v", until, err)
	}
	if n := len(s.cluster.Sessions()); n != 2 {
		t.Errorf("%d certificates were issued, want 2", n)
	}
}

// TestEndOfALogin: in the last moment of a login not every request costs a
// certificate, none of which could last longer than the one before.
func TestEndOfALogin(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", 5*time.Second)
	w := s.way(s.config())
	for range 20 {
		s.mustCall(w)
	}
	if n := len(s.cluster.Sessions()); n != 1 {
		t.Errorf("20 requests cost %d certificates, want 1", n)
	}
}

func about(a, b time.Time) bool { return a.Sub(b).Abs() < 10*time.Second }
