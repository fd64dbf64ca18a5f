// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
)

// TestHold is how long requests wait for a sign-in that nobody makes: less than
// clients do, and then they say what to do.
func TestHold(t *testing.T) {
	store := &creds.Store{Dir: t.TempDir()}
	if err := store.SaveLogin(t.Context(), creds.Profile{Proxy: somewhere, Username: "alice", Store: creds.File, Expires: time.Unix(1, 0)}, creds.KeyPair{}); err != nil {
		t.Fatal(err)
	}
	clusters := newClusters(store)
	clusters.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no network") }
	for name, tc := range map[string]struct {
		method, version string
		known           bool
		want            time.Duration
	}{
		"initialize":                   {"initialize", "", true, 25 * time.Second},
		"call":                         {"tools/call", "2025-11-25", true, 50 * time.Second},
		"discover of an app":           {"server/discover", "2026-07-28", false, 50 * time.Second},
		"discover of a remembered app": {"server/discover", "2026-07-28", true, 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := New(t.Context(), Config{
					App: "notes", Now: time.Now, Log: slog.New(slog.DiscardHandler),
					Open:  func(string) (*access.Cluster, error) { return nil, &access.NotLoggedInError{Proxy: somewhere} },
					Waits: func(context.Context) bool { return true },
					Known: func() bool { return tc.known },
					Gate: &signin.Gate{
						Clusters: clusters, Dir: store.Dir, Now: time.Now, Closed: func() string { return "" },
						Login: func(ctx context.Context, _ string, opened func()) error { opened(); <-ctx.Done(); return ctx.Err() },
					},
				})
				defer w.Close()
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://localhost/", nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Mcp-Method", tc.method)
				if tc.version != "" {
					req.Header.Set("Mcp-Protocol-Version", tc.version)
				}
				start := time.Now()
				_, err = w.RoundTrip(req)
				if took := time.Since(start); took != tc.want {
					t.Errorf("it was held for %v, want %v", took, tc.want)
				}
				var pending *signin.PendingError
				if !errors.As(err, &pending) || pending.Proxy != somewhere {
					t.Errorf("it says %v", err)
				}
			})
		})
	}
}

// TestNoCertificate is what the bridge is told of a request for which there is no
// certificate: that there is none, or that the cluster could not be asked for one.
func TestNoCertificate(t *testing.T) {
	auth := func(err error) error {
		return &teleport.AuthError{Op: "find app", Code: rpc.Unavailable, Err: err}
	}
	for _, test := range []struct {
		err error
		way bool
	}{
		{auth(&teleport.EgressError{Status: 407}), true},
		{auth(&teleport.EgressError{Status: 503}), true},
		{auth(&teleport.UpgradeError{Status: 404}), true},
		{auth(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), true},
		{auth(io.EOF), true},
		{&net.DNSError{Err: "no such host"}, true},
		{&access.NotLoggedInError{Proxy: somewhere}, false},
		{&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}, true},
		{&creds.KeyringError{Op: "get", Err: io.EOF}, false},
		{&creds.KeyringError{Op: "get", Err: &net.OpError{Op: "dial", Net: "unix", Err: errors.New("connection refused")}}, false},
		{&access.NoReissueError{File: "identity"}, false},
	} {
		w := New(t.Context(), Config{
			App: "notes", Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Open: func(string) (*access.Cluster, error) { return nil, test.err },
		})
		_, err := call(t.Context(), w, 1)
		w.Close()
		var cert interface{ ClientCertificate() bool }
		if got := !errors.As(err, &cert); got != test.way || !errors.Is(err, test.err) {
			t.Errorf("%v: about the way: %v", test.err, got)
		}
	}
}
