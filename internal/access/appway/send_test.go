// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestClosedUnused: a request that was given to a connection just when the proxy
// had closed it is sent again over another one, with the same certificate. The text
// by which that is known is still that of net/http.
func TestClosedUnused(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	l, err := w.links.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	way := &sending{w: w, ctx: t.Context()}
	if err := way.failed(l, closedByServer(t)); !errors.Is(err, errAgain) || w.inHand() != l {
		t.Errorf("it ends with %v", err)
	}
	way.last = true
	if err := way.failed(l, errors.New(closedUnused)); errors.Is(err, errAgain) {
		t.Error("it never ends")
	}
	if err := (&sending{w: w, ctx: t.Context()}).failed(l, io.EOF); !errors.Is(err, io.EOF) {
		t.Errorf("a connection that broke later: %v", err)
	}
}

// closedByServer is the error of net/http for a POST over a connection that turns
// out to be closed when it is about to be used.
func closedByServer(t *testing.T) error {
	t.Helper()
	tr := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		return ours, theirs.Close()
	}}
	defer tr.CloseIdleConnections()
	var err error
	for range 10_000 { // it depends on who is first
		req, bad := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", strings.NewReader("{}"))
		if bad != nil {
			t.Fatal(bad)
		}
		res, failed := tr.RoundTrip(req)
		if failed == nil {
			res.Body.Close()
			t.Fatal("a closed connection has answered")
		}
		if err = failed; err.Error() == closedUnused {
			return err
		}
	}
	t.Fatalf("net/http says %v", err)
	return nil
}

// TestFormOfTeleports: an MCP server answers in the form of Teleport's errors.
// Where Teleport would say that it is its own, that is delivered once and costs
// no certificate; before, nobody can tell.
func TestFormOfTeleports(t *testing.T) {
	const text = "{\n    \"error\": {\n        \"message\": \"no such note\"\n    }\n}"
	for version, own := range map[string]bool{testcluster.NewestVersion: true, "18.3.0": false} {
		for _, status := range []int{http.StatusForbidden, http.StatusNotFound} {
			var asked atomic.Int64
			s := newStageAt(t, version, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, text)
			}))
			s.login("alice", time.Hour)
			w := s.way(s.config())
			for range 6 {
				_, err := call(t.Context(), w, 1)
				var refused *RefusedError
				if own && (err == nil || !strings.Contains(err.Error(), "no such note") || errors.As(err, &refused)) || !own && !errors.As(err, &refused) {
					t.Errorf("%s, HTTP %d: %v", version, status, err)
				}
			}
			if n := asked.Load(); own && n != 6 {
				t.Errorf("%s, HTTP %d: asked %d times", version, status, n)
			}
			if n := len(s.cluster.Sessions()); own && n != 1 {
				t.Errorf("%s, HTTP %d: %d app sessions", version, status, n)
			}
		}
	}
}

// TestRefusedCertificate: each alert by which a proxy refuses a certificate has another
// one tried, and no other alert has.
func TestRefusedCertificate(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	for alert, refused := range map[tls.AlertError]bool{
		42: true, 43: true, 44: true, 45: true, 46: true, 48: true, 49: true, 116: true,
		10: false, 40: false, 50: false, 70: false, 80: false, 112: false, 120: false,
	} {
		for _, err := range []error{alert, fmt.Errorf("over: %w", alert), &net.OpError{Op: "remote error", Err: errors.New(alert.Error())}} {
			l, missing := w.links.get(t.Context())
			if missing != nil {
				t.Fatal(missing)
			}
			w.move(passed, func(st *state) { l.passed, l.held, st.unused = true, time.Time{}, 0 }) // it was of use
			way := &sending{w: w, ctx: t.Context()}
			if got := errors.Is(way.failed(l, err), errAgain); got != refused {
				t.Errorf("%v: sent again %v", err, got)
			}
		}
	}
}
