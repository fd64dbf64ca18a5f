// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestAppCertificateRefused lets the proxy forget the app session of a stored
// certificate: it is renewed once, and then the answer says why not.
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
	cluster.KillAllSessions()
	wantAnswer(t, "refused again", b.getNote(), "Teleport refused the request to notes although you may use it: the app is offline")
	if n := len(cluster.Sessions()); n != 0 {
		t.Errorf("%d app sessions were begun, want none so soon", n)
	}
	cluster.SetAppOnline("notes", false)
	wantAnswer(t, "gone", b.getNote(), `has no MCP server \"notes\" that you may use; tshmcp ls shows what you may use`)
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
		open: func() (*cluster, error) { return g.openCluster(&sourceFlags{noTSH: true}) },
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
