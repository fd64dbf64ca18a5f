// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const helloLine = `{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}` + "\n"

// hello opens a connection and begins a session on it. What it returns beside a
// line is what the bridge would be told.
func (s *stage) helloTo(w *Way) (line string, err error) {
	s.Helper()
	conn, err := w.Dial(s.Context(), "initialize", 10*time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, helloLine)
	line, err = bufio.NewReader(conn).ReadString('\n')
	refusal := ""
	if i := strings.Index(line, `"message":"`); i >= 0 {
		refusal, _, _ = strings.Cut(line[i+len(`"message":"`):], `"`)
	} else if err == nil {
		return line, nil
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return "", conn.Why(s.Context(), refusal, err)
}

func (s *stage) rawWay() *Way {
	s.Helper()
	cfg := s.config()
	cfg.App = "cmd"
	w := s.way(cfg)
	if raw, err := w.IsRaw(s.Context(), "initialize"); !raw || err != nil {
		s.Fatalf("raw: %v, %v", raw, err)
	}
	return w
}

func TestRawKinds(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	if line, err := s.helloTo(s.rawWay()); err != nil || !strings.Contains(line, "rawdemo") {
		t.Errorf("got %q, %v", line, err)
	}
	if raw, err := s.way(s.config()).IsRaw(t.Context(), "initialize"); raw || err != nil {
		t.Errorf("an app over HTTP: raw %v, %v", raw, err)
	}
	cfg := s.config()
	cfg.App, cfg.Path = "site", "/mcp"
	if raw, err := s.way(cfg).IsRaw(t.Context(), "initialize"); raw || err != nil {
		t.Errorf("an ordinary app: raw %v, %v", raw, err)
	}
}

// A session that the cluster has forgotten costs one certificate, and no more.
func TestRawSessionForgotten(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	if _, err := s.helloTo(s.rawWay()); err != nil { // it stores the certificate
		t.Fatal(err)
	}
	w := s.rawWay()
	s.cluster.KillAllSessions()
	if _, err := s.helloTo(w); !errors.Is(err, bridge.ErrAgain) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.helloTo(w); err != nil {
		t.Errorf("got %v", err)
	}
}

// What stands in the way is found out whatever the connection said of it.
func TestRawRefused(t *testing.T) {
	var (
		allowed *notAllowedError
		gone    *appGoneError
		silent  *silentError
	)
	for _, tt := range []struct {
		name   string
		change func(*testcluster.Cluster)
		kind   bridge.Kind
		as     any
	}{
		{"role", func(c *testcluster.Cluster) { c.SetRole(testcluster.Role{Name: "user"}) }, bridge.KindForbidden, &allowed},
		{"role, below TLS", func(c *testcluster.Cluster) {
			c.SetDenial(testcluster.DenyBelowTLS)
			c.SetRole(testcluster.Role{Name: "user"})
		}, bridge.KindForbidden, &gone},
		{"lock", func(c *testcluster.Cluster) { c.LockUser("alice") }, bridge.KindForbidden, nil},
		{"offline", func(c *testcluster.Cluster) { c.SetAppOnline("cmd", false) }, bridge.KindForbidden, &gone},
		{"broken", func(c *testcluster.Cluster) { c.Raw.SetBroken("cmd", true) }, bridge.KindUnreachable, &silent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.login("alice", time.Hour)
			w := s.rawWay()
			tt.change(s.cluster)
			began := time.Now()
			_, err := s.helloTo(w)
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("told after %v", took)
			}
			var failed *bridge.Error
			if !errors.As(err, &failed) || failed.Kind != tt.kind {
				t.Fatalf("got %v", err)
			}
			if tt.as != nil && !errors.As(err, tt.as) {
				t.Errorf("got %T %v", failed.Err, err)
			}
		})
	}
}

// A proxy from before such apps hangs up, and its version says why.
func TestRawOldProxy(t *testing.T) {
	s := newStageAt(t, "18.0.0", nil)
	s.login("alice", time.Hour)
	_, err := s.helloTo(s.rawWay())
	var old *access.TooOldError
	if !errors.As(err, &old) || !strings.Contains(err.Error(), "18.1.0") {
		t.Errorf("got %v", err)
	}
}

// A handshake that ends without a word is explained by what the cluster says, or by
// why it says nothing.
func TestRawUndialled(t *testing.T) {
	var (
		missing *access.NotLoggedInError
		silent  *silentError
		hungUp  *hungUpError
		allowed *notAllowedError
	)
	for _, tt := range []struct {
		name   string
		change func(*stage)
		kind   bridge.Kind
		as     any
	}{
		{"no login any more", func(s *stage) { s.store.DeleteLogin(s.Context(), s.cluster.Addr()) }, bridge.KindForbidden, &missing},
		{"the role", func(s *stage) { s.cluster.SetRole(testcluster.Role{Name: "user"}) }, bridge.KindForbidden, &allowed},
		{"the cluster is gone", func(s *stage) { s.cluster.Close() }, bridge.KindUnreachable, &silent},
		{"the user is locked", func(s *stage) { s.cluster.LockUser("alice") }, bridge.KindForbidden, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.login("alice", time.Hour)
			w := s.rawWay()
			l, err := w.prepareFor(t.Context(), methodInitialize)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(s)
			sent := &sending{w: w, ctx: t.Context(), began: time.Now()}
			err = sent.undialled(l, io.EOF)
			var failed *bridge.Error
			if !errors.As(err, &failed) || failed.Kind != tt.kind || failed.Executed != bridge.NotExecuted {
				t.Fatalf("got %v", err)
			}
			if tt.as != nil && !errors.As(err, tt.as) || errors.As(err, &hungUp) {
				t.Errorf("got %T %v", failed.Err, err)
			}
		})
	}
}

// A connection ends with the login that it was opened with, before anything more is
// said over it.
func TestRawOtherUser(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*stage)
		next   string // user of the next connection; "": there is none
	}{
		{"another user", func(s *stage) { s.login("bob", time.Hour) }, "bob"},
		{"a logout", func(s *stage) {
			if err := s.store.DeleteLogin(s.Context(), s.cluster.Addr()); err != nil {
				s.Fatal(err)
			}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.login("alice", time.Hour)
			w := s.rawWay()
			conn, err := w.Dial(t.Context(), "initialize", 10*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, helloLine); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(conn)
			if _, err := lines.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			s.login("alice", 2*time.Hour) // renewed
			if _, err := io.WriteString(conn, strings.Replace(helloLine, "initialize", "ping", 1)); err != nil {
				t.Fatal(err)
			}
			if _, err := lines.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
			tt.change(s)
			if _, err := io.WriteString(conn, helloLine); err == nil {
				t.Error("something was said as alice")
			}
			if _, err := lines.ReadString('\n'); !errors.Is(err, errOtherUser) {
				t.Errorf("then came %v", err)
			}
			_, err = s.helloTo(w)
			if (err == nil) != (tt.next != "") {
				t.Errorf("got %v", err)
			}
			if conns := s.cluster.Raw.Conns(); tt.next != "" && conns[len(conns)-1].User != tt.next {
				t.Errorf("got %+v", conns)
			}
		})
	}
}

// An app that is changed to a raw one is one from its next session on.
func TestRawTurned(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	if raw, err := w.IsRaw(t.Context(), "initialize"); raw || err != nil {
		t.Fatalf("raw: %v, %v", raw, err)
	}
	if err := s.cluster.AddApp(testcluster.App{Name: "notes", URI: "mcp+stdio://notes", Command: []string{os.Args[0], rawtest.Arg}}); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://localhost/", strings.NewReader(helloLine))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if _, err := w.RoundTrip(req); !errors.Is(err, bridge.ErrAgain) {
		t.Fatalf("got %v", err)
	}
	if raw, err := w.IsRaw(t.Context(), "initialize"); !raw || err != nil {
		t.Errorf("raw: %v, %v", raw, err)
	}
	if _, err := s.helloTo(w); err != nil {
		t.Error(err)
	}
}
