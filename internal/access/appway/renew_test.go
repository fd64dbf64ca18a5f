// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestRefusedCertificates is when a refused certificate is given up.
func TestRefusedCertificates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	serial := int64(0)
	a := &links{&machine{cfg: Config{Now: func() time.Time { return now }}}}
	cluster := access.Fresh(nil, &creds.Profile{}, &teleport.Proxy{Clock: teleport.NewClock(func() time.Time { return now })})
	take := func(issued time.Time, passed bool) *link {
		serial++
		leaf := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: now.Add(time.Hour)}
		l := newLink(cluster, &access.AppCert{Certificate: &tls.Certificate{Leaf: leaf}}, 0, issued)
		l.passed = passed
		a.install(linked, l, nil)
		return l
	}
	want := func(what string, l *link, pause time.Duration, given bool) {
		t.Helper()
		if got := a.giveUp(l, pause); got != given {
			t.Errorf("%s: given up: %v, want %v", what, got, given)
		}
		if a.usable(l) == given {
			t.Errorf("%s: usable: %v", what, !given)
		}
	}
	want("out of the store", take(time.Time{}, false), renewalPause, true)
	fresh := take(now, false)
	want("new", fresh, renewalPause, false)
	want("new, and a newer login", fresh, 0, true)
	want("new, but it was of use", take(now, true), renewalPause, true)
	want("an old one", take(now.Add(-renewalPause), false), renewalPause, true)
	fresh = take(now, false)
	now = now.Add(denialPause)
	want("new, after a pause", fresh, renewalPause, false)
	want("new, after the pause of denials", fresh, denialPause, true)
	for range renewals - 3 {
		want("of use, again", take(now, true), renewalPause, true)
	}
	last := take(now, true)
	want("one too many", last, renewalPause, false)
	now = now.Add(renewalPause)
	want("later", last, renewalPause, true)
	if !a.giveUp(fresh, renewalPause) {
		t.Error("another one is there already")
	}
	for range 3 * refusals {
		want("a newer login", take(now, false), 0, true)
	}
	if len(a.s.refused) > refusals || len(a.s.replaced) > renewals {
		t.Errorf("%d serial numbers and %d times are kept", len(a.s.refused), len(a.s.replaced))
	}
}

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
