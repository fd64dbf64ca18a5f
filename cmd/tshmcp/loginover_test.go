// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a login that the cluster takes for expired before this machine does.

package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// keepLogin writes a login whose time this machine and the cluster read
// differently: the cluster says that it is over.
func keepLogin(t *testing.T, state string, expires time.Time) {
	t.Helper()
	store := creds.Store{Dir: state}
	p, err := store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := store.Login(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	p.Expires = expires
	if err := store.SaveLogin(t.Context(), *p, *pair); err != nil {
		t.Fatal(err)
	}
}

// TestClusterTakesLoginForExpired meets a cluster whose clock is ahead: its word
// counts, and leads where a login leads that has expired here.
func TestClusterTakesLoginForExpired(t *testing.T) {
	t.Parallel()
	cluster, _ := startNotesCluster(t)
	environ, home := bareEnviron(t)
	state := filepath.Join(home, "state")
	if err := storeLoginFor(t.Context(), cluster, state, "alice", -time.Minute); err != nil {
		t.Fatal(err)
	}
	keepLogin(t, state, time.Now().Add(time.Hour))
	out, err := tshmcp(t, environ, "ls").CombinedOutput()
	text := string(out)
	if err == nil || !strings.Contains(text, "the cluster takes the login to "+cluster.Addr()+" for expired, which by this machine's clock lasts until ") ||
		!strings.Contains(text, "hint: run: tshmcp login --proxy="+cluster.Addr()) {
		t.Errorf("%v, %s", err, text)
	}
	b := startBridge(t, environ, "--login=never")
	b.initialize()
	wantFailure(t, "a call", b.getNote(), "login_required", "no", "for expired", "tshmcp login --proxy="+cluster.Addr())
}

// TestOverruledLogin is what a login counts that the cluster takes for expired,
// and that one made anew and taken for the same opens no tab after tab.
func TestOverruledLogin(t *testing.T) {
	dir := t.TempDir()
	r := newRelogin(dir)
	cluster, err := startLoggedIn(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	proxy := cluster.Addr()
	profile, err := r.store().Profile(proxy)
	if err != nil {
		t.Fatal(err)
	}
	if !r.loggedIn(proxy) {
		t.Fatal("not logged in")
	}
	missing := &access.NotLoggedInError{Proxy: proxy, Expired: profile.Expires, Overruled: true}
	if err := r.overrule(missing); err != nil || r.loggedIn(proxy) {
		t.Errorf("%v; the login still counts: %v", err, r.loggedIn(proxy))
	}
	newer := profile.Expires.Add(time.Minute)
	keepLogin(t, dir, newer)
	if !r.loggedIn(proxy) {
		t.Error("a newer login does not count")
	}
	r.made = time.Now()
	var refused *noReloginError
	if err := r.overrule(&access.NotLoggedInError{Proxy: proxy, Expired: newer, Overruled: true}); !errors.As(err, &refused) {
		t.Errorf("a login made just now: %v", err)
	}
	if newRelogin(dir).allowed(proxy) == nil {
		t.Error("a tab would be opened again")
	}
	if err := r.overrule(&access.NotLoggedInError{Proxy: proxy, Expired: time.Now().Add(-time.Minute)}); err != nil {
		t.Errorf("a login that is over by both clocks: %v", err)
	}
}
