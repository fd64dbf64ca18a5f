// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/login"
)

const somewhere = "teleport.example.com:443"

// newRelogin is that of a bridge at a desktop whose state is in dir.
func newRelogin(dir string) *relogin {
	e := &env{stderr: io.Discard, goos: "darwin", now: time.Now, getenv: func(name string) string {
		return map[string]string{"TSHMCP_HOME": dir}[name]
	}}
	return &relogin{global: &global{env: e}}
}

// TestHold is how long requests wait for a sign-in that nobody makes: less than
// clients do, and then they say what to do.
func TestHold(t *testing.T) {
	dir := t.TempDir()
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
				r := newRelogin(dir)
				r.attempt = &attempt{done: make(chan struct{})} // the tab is open
				transport := &appTransport{known: func() bool { return tc.known }, certs: &appCerts{
					open:   func() (*access.Cluster, error) { return nil, &access.NotLoggedInError{Proxy: somewhere} },
					now:    time.Now,
					signIn: r.signIn,
					tell:   func(error) bool { return true },
				}}
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://localhost/", nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Mcp-Method", tc.method)
				if tc.version != "" {
					req.Header.Set("Mcp-Protocol-Version", tc.version)
				}
				start := time.Now()
				_, err = transport.RoundTrip(req)
				if took := time.Since(start); took != tc.want {
					t.Errorf("it was held for %v, want %v", took, tc.want)
				}
				text, hints, code := explain(err)
				if !strings.HasPrefix(text, "waiting for you to sign in to "+somewhere) || len(hints) != 1 ||
					!strings.HasSuffix(hints[0], "run: tshmcp login --proxy="+somewhere) || code != exitNotLoggedIn {
					t.Errorf("%q, hints %q, code %d", text, hints, code)
				}
			})
		})
	}
}

// TestNoTabAgain is how long no tab is opened after a sign-in that was not
// completed, in whatever process, and after what.
func TestNoTabAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		err   error
		quiet bool
	}{
		"refused":         {&login.DeniedError{Message: "access_denied"}, true},
		"nobody came":     {login.ErrTimeout, true},
		"something broke": {errors.New("connection reset"), false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := newRelogin(dir).allowed(somewhere); err != nil {
				t.Fatal(err)
			}
			err := newRelogin(dir).unfinished(somewhere, tc.err)
			_, hints, _ := explain(err)
			if named := len(hints) == 1 && hints[0] == "run: tshmcp login --proxy="+somewhere; named != tc.quiet {
				t.Errorf("the error is %v, hints %q", err, hints)
			}
			other := newRelogin(dir)
			if quiet := other.allowed(somewhere) != nil; quiet != tc.quiet {
				t.Errorf("no tab: %v, want %v", quiet, tc.quiet)
			}
			if err := other.allowed("other.example.com:443"); err != nil {
				t.Errorf("another cluster: %v", err)
			}
			if !tc.quiet {
				return
			}
			for age, quiet := range map[time.Duration]bool{14 * time.Minute: true, 16 * time.Minute: false} {
				then := time.Now().Add(-age)
				if err := os.Chtimes(other.refusalFile(somewhere), then, then); err != nil {
					t.Fatal(err)
				}
				if got := other.allowed(somewhere) != nil; got != quiet {
					t.Errorf("after %v no tab: %v, want %v", age, got, quiet)
				}
			}
		})
	}
}
