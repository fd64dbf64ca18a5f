// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a login that the cluster takes for expired before this machine does.

package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	if err == nil || !strings.Contains(text, "the cluster says that the login to "+cluster.Addr()+" has expired, which by this machine's clock is valid until ") ||
		!strings.Contains(text, "hint: run: tshmcp login --proxy="+cluster.Addr()) {
		t.Errorf("%v, %s", err, text)
	}
	b := startBridge(t, environ, "--login=never")
	b.initialize()
	wantFailure(t, "a call", b.getNote(), "login_required", "no", "that the login to", "tshmcp login --proxy "+cluster.Addr())
}
