// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// headless runs a login that approver decides on: nobody if empty, "deny" denies.
func headless(t *testing.T, cluster *testcluster.Cluster, approver string) (*teleport.Identity, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	journey := make(chan error, 1)
	h := &login.Headless{Proxy: proxyOf(t, cluster), User: "paul", Timeout: 2 * time.Second, Show: func(link string) {
		if !strings.HasPrefix(link, cluster.URL()+"/web/headless/") {
			t.Errorf("link %s", link)
		}
		if approver == "" {
			journey <- nil
			return
		}
		go func() { journey <- cluster.SignIn(ctx, link, strings.TrimPrefix(approver, "deny")) }()
	}}
	id, err := h.Run(ctx)
	if problem := <-journey; problem != nil {
		t.Errorf("the approver's journey: %v", problem)
	}
	return id, err
}

func TestHeadless(t *testing.T) {
	cluster := startLocal(t, func(c *testcluster.Config) {
		c.Apps = []testcluster.App{{Name: "notes", URI: "mcp+http://127.0.0.1:1/"}}
	})
	id, err := headless(t, cluster, "paul")
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(id.Expires()); id.Username() != "paul" || left > time.Minute || left < 50*time.Second {
		t.Errorf("identity of %s for %v, want paul's for a minute", id.Username(), left)
	}
	// What the minute is good for: certificates of apps, which last.
	auth, err := proxyOf(t, cluster).DialAuth(id)
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	request := teleport.AppCertRequest{App: teleport.App{Name: "notes"}, Expires: time.Now().Add(8 * time.Hour), OutlivesLogin: true}
	cert, err := auth.IssueAppCert(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(cert.Leaf.NotAfter); left < 7*time.Hour {
		t.Errorf("the app's certificate lives %v, want 8 h", left)
	}
}

func TestHeadlessIsNotApproved(t *testing.T) {
	var refused *login.RefusedError
	if _, err := headless(t, startLocal(t, nil), "deny"); !errors.As(err, &refused) || refused.Reason != login.Declined ||
		refused.Message != "headless authentication denied" {
		t.Errorf("denied: error %v", err)
	}
	limited := startLocal(t, nil)
	limited.LimitRate(true)
	if _, err := headless(t, limited, ""); !errors.As(err, &refused) || refused.Reason != login.RateLimited {
		t.Errorf("rate limit: error %v", err)
	}
	// The cluster ends the wait itself.
	hasty := func(c *testcluster.Config) { c.LocalAuth.HeadlessTime = 2 * time.Second }
	if _, err := headless(t, startLocal(t, hasty), ""); !errors.Is(err, login.ErrNotApproved) {
		t.Errorf("not approved: error %v", err)
	}
}

// TestHeadlessEnds is a person who presses Ctrl-C.
func TestHeadlessEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := &login.Headless{Proxy: proxyOf(t, startLocal(t, nil)), User: "paul", Show: func(string) { cancel() }}
	if _, err := h.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
