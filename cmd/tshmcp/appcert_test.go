// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestAppCertificateRefused lets the proxy forget the app session of a stored
// certificate, and then refuse every certificate: one that is new is not replaced
// again and again, and the answer says why nothing works.
func TestAppCertificateRefused(t *testing.T) {
	t.Parallel()
	cluster, _ := startNotesCluster(t)
	environ, home := bareEnviron(t)
	if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	if _, err := callOnce(tshmcp(t, environ, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	cluster.KillAllSessions()
	b := startBridge(t, environ)
	wantAnswer(t, "renewed", b.initialize(), `"result"`)
	wantAnswer(t, "renewed", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions, want 1", n)
	}
	cluster.OnAppRequest(func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return true
	})
	for range 5 {
		wantAnswer(t, "refused", b.getNote(), "Teleport refused the request to notes although you may use it: the app is offline")
	}
	if n := len(cluster.Sessions()); n != 2 {
		t.Errorf("%d app sessions, want one more and no others so soon", n)
	}
	cluster.SetAppOnline("notes", false)
	wantAnswer(t, "gone", b.getNote(), `has no MCP server \"notes\" that you may use; tshmcp ls shows what you may use`)
}

// TestRefusedCertificates is when a refused certificate is given up.
func TestRefusedCertificates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	serial := int64(0)
	certs := &appCerts{now: func() time.Time { return now }}
	take := func(issued time.Time, passed bool) *appCert {
		serial++
		leaf := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: now.Add(time.Hour)}
		cert := &appCert{AppCert: &access.AppCert{Certificate: &tls.Certificate{Leaf: leaf}}, issued: issued}
		cert.passed.Store(passed)
		certs.take(cert)
		return cert
	}
	want := func(what string, cert *appCert, pause time.Duration, given bool) {
		t.Helper()
		if got := certs.giveUp(cert, pause); got != given {
			t.Errorf("%s: given up: %v, want %v", what, got, given)
		}
		if certs.usable(cert) == given {
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
	if !certs.giveUp(fresh, renewalPause) {
		t.Error("another one is there already")
	}
	for range 3 * badCerts {
		want("a newer login", take(now, false), 0, true)
	}
	if len(certs.bad) > badCerts || len(certs.replaced) > renewals {
		t.Errorf("%d serial numbers and %d times are kept", len(certs.bad), len(certs.replaced))
	}
}

// TestAppCertificateRenewal renews a certificate that ends before the login,
// ahead of time and into the store, and never beyond the login.
func TestAppCertificateRenewal(t *testing.T) {
	t.Parallel()
	teleport, _ := startNotesCluster(t)
	_, home := bareEnviron(t)
	state := filepath.Join(home, "state")
	if err := storeLogin(t.Context(), teleport, state, "alice"); err != nil {
		t.Fatal(err)
	}
	e := &env{stderr: io.Discard, now: time.Now, getenv: func(name string) string {
		return map[string]string{"TSHMCP_HOME": state}[name]
	}}
	g := &global{env: e}
	certs := &appCerts{
		open: func() (*access.Cluster, error) { return g.openCluster(&sourceFlags{noTSH: true}) },
		app:  "notes", now: time.Now, log: slog.New(slog.DiscardHandler),
	}
	teleport.SetCertTTL(20 * time.Minute)
	first, err := certs.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	life := first.Leaf.NotAfter.Sub(first.Leaf.NotBefore)
	if want := first.Leaf.NotAfter.Add(-life / 10); !about(time.Now().Add(certs.untilRenewal()), want) {
		t.Errorf("it is renewed in %v, want at %v", certs.untilRenewal(), want)
	}
	teleport.SetCertTTL(0)
	for range 2 { // the second time there is nothing longer to have
		if err := certs.renew(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	store := creds.Store{Dir: state}
	profile, err := store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	if got := certs.inHand().Leaf.NotAfter; !about(got, profile.Expires) || got.After(profile.Expires) {
		t.Errorf("the certificate ends at %v, the login at %v", got, profile.Expires)
	}
	if until, err := store.AppsUntil(profile); err != nil || !about(until[creds.App{Name: "notes"}], profile.Expires) {
		t.Errorf("the store has %v, %v", until, err)
	}
	if n := len(teleport.Sessions()); n != 2 {
		t.Errorf("%d certificates were issued, want 2", n)
	}
}

func about(a, b time.Time) bool { return a.Sub(b).Abs() < 10*time.Second }
