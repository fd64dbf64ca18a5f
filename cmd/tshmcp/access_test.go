// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect, while access to an app comes and goes at the cluster.

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestLostSessionHealsAtOnce: a running bridge goes on after each logout and
// login in a terminal, however short ago the last one was.
func TestLostSessionHealsAtOnce(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, home := startStubCluster(t, stub, false)
	ca := filepath.Join(home, "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startBridge(t, environ, "--login=never", "--proxy="+cluster.Addr())
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	for i := range 3 {
		wantAnswer(t, "before", b.getNote(), theNote)
		awaitStored(t, filepath.Join(home, "state")) // which goes on beside the requests
		output(t, tshmcp(t, environ, "logout", "--proxy="+cluster.Addr()))
		if i > 0 {
			wantAnswer(t, "logged out", b.getNote(), "not logged in to "+cluster.Addr())
		}
		login := tshmcp(t, environ, "login", "--proxy="+cluster.Addr(), "--ca-file="+ca, "--store=file", "--browser=none")
		if err := runLogin(login, io.Discard, "alice", rootPool(cluster.WebCA())); err != nil {
			t.Fatal(err)
		}
	}
	wantAnswer(t, "at last", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions, want 1", n)
	}
}

// awaitStored waits until the certificate of an app is in the store, so that a
// logout knows of its session.
func awaitStored(t *testing.T, state string) {
	t.Helper()
	store := &creds.Store{Dir: state}
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		p, err := store.Profile("")
		if err == nil {
			if apps, _ := store.Apps(p); len(apps) > 0 {
				if _, err = store.App(ctx, p, apps[0]); err == nil {
					return
				}
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("no certificate is stored: %v", err)
		}
	}
}

// TestParallelCallsAfterLostSession lets the proxy forget the app session while
// many calls begin: one renewal is enough for all.
func TestParallelCallsAfterLostSession(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, _ := startStubCluster(t, stub, false)
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	for _, n := range []int{3, 20, 64} {
		cluster.KillAllSessions()
		for id, answer := range b.askAll(n) {
			wantAnswer(t, fmt.Sprintf("%d calls, call %d", n, id), answer, theNote)
		}
		if got := len(cluster.Sessions()); got != 1 {
			t.Errorf("%d calls: %d app sessions, want 1", n, got)
		}
	}
	if n := stub.calls.Load(); n != 3+20+64 {
		t.Errorf("%d calls reached the server", n)
	}
}

// judging answers app requests as an app service that has judged access once
// for each app session, and goes on as it decided (recordings role-lost,
// role-back and unlocked of app-mcp-http.json).
type judging struct {
	mu      sync.Mutex
	denial  http.HandlerFunc // of sessions that are judged now; nil: allowed
	judged  map[string]http.HandlerFunc
	refused int
}

func (j *judging) set(denial http.HandlerFunc) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.denial = denial
}

// idle lets every session be judged anew, as after 30 s without a request.
func (j *judging) idle() {
	j.mu.Lock()
	defer j.mu.Unlock()
	clear(j.judged)
}

func (j *judging) hook(w http.ResponseWriter, r *http.Request) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	session := r.TLS.PeerCertificates[0].SerialNumber.String()
	if _, ok := j.judged[session]; !ok {
		j.judged[session] = j.denial
	}
	if j.judged[session] == nil {
		return false
	}
	j.refused++
	j.judged[session](w, r)
	return true
}

// The denials that were recorded at MCP apps.
const traceNotFound = "{\n    \"error\": {\n        \"message\": \"not found\"\n    }\n}"

var recordedDenials = map[string]http.HandlerFunc{
	"404":         deniedAs(404, map[string]string{"Content-Type": "application/json", "X-Teleport-Mcp-Error-Origin": "app-service"}, traceNotFound),
	"404 of 18.3": deniedAs(404, map[string]string{"Content-Type": "application/json"}, traceNotFound),
	"403":         deniedAs(403, map[string]string{"Content-Type": "application/json", "X-Teleport-Mcp-Error-Origin": "app-service"}, strings.ReplaceAll(traceNotFound, "not found", "access denied")),
	"502":         deniedAs(502, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, "Bad Gateway"),
	"500":         deniedAs(500, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, "Internal Server Error"),
}

// TestDenialIsExplained takes access away and gives it back, with each of the
// answers that a denial can have. The client hears why, its MCP session is not
// lost over it, and the next request works again.
func TestDenialIsExplained(t *testing.T) {
	t.Parallel()
	for name, denial := range recordedDenials {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := startStub(t)
			cluster, environ, _ := startStubCluster(t, stub, false)
			j := &judging{judged: map[string]http.HandlerFunc{}}
			cluster.OnAppRequest(j.hook)
			b := startBridge(t, environ, "--login=never")
			wantAnswer(t, "initialize", b.initialize(), `"result"`)
			wantAnswer(t, "at first", b.getNote(), theNote)
			role := demo.Roles(demo.Role([]string{"*"}, nil))[0]
			none, mfa := role, role
			none.AllowAppLabels, mfa.RequireSessionMFA = nil, true
			for _, step := range []struct {
				what  string
				role  testcluster.Role
				parts []string
			}{
				{"role lost", none, []string{"notes", "tshmcp: "}},
				{"MFA needed", mfa, []string{"notes needs a second factor for each session", "no codes of an authenticator app (TOTP)"}},
				{"locked", role, []string{"alice is locked in ", "and every request is denied", "an administrator has locked you out"}},
			} {
				cluster.SetRole(step.role)
				if step.what == "locked" {
					cluster.LockUser("alice")
				}
				j.set(denial)
				j.idle()
				executed := "no"
				if strings.HasPrefix(name, "50") {
					executed = "unknown"
				}
				kind := map[bool]string{false: "forbidden", true: "mfa_required"}[step.what == "MFA needed"]
				wantFailure(t, step.what, b.getNote(), kind, executed, step.parts...)
				wantFailure(t, step.what+", again", b.getNote(), kind, "no", step.parts...)
				// Access comes back. The app session is still refused, and nothing waits.
				cluster.UnlockUser("alice")
				cluster.SetRole(role)
				j.set(nil)
				wantAnswer(t, "after "+step.what, b.getNote(), theNote)
			}
			if n := len(cluster.Sessions()); n != 4 {
				t.Errorf("%d app sessions, want the first and one for each denial", n)
			}
			if n := stub.hellos.Load(); n != 1 {
				t.Errorf("%d handshakes with the server: a denial was taken for a lost session", n)
			}
			if j.refused > 3*2 {
				t.Errorf("%d requests were refused, also those that were known to be", j.refused)
			}
		})
	}
}

// TestDeniedCallsAskOnce: many calls that are denied at once cost no certificate.
func TestDeniedCallsAskOnce(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, _ := startStubCluster(t, stub, false)
	j := &judging{judged: map[string]http.HandlerFunc{}}
	cluster.OnAppRequest(j.hook)
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	role := demo.Roles(demo.Role([]string{"*"}, nil))[0]
	role.AllowAppLabels = nil
	cluster.SetRole(role)
	j.set(recordedDenials["404"])
	j.idle()
	for range 2 {
		for _, answer := range b.askAll(50) {
			wantFailure(t, "one of fifty", answer, "forbidden", "no", "your roles in demo-cluster do not allow notes, or no longer do")
		}
	}
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions, want 1", n)
	}
}

// TestAccessComesAndGoes is the same with a cluster that decides by itself: by
// roles, locks and apps as they are, once for each connection to the app service.
func TestAccessComesAndGoes(t *testing.T) {
	t.Parallel()
	const ordinary = testcluster.Denial(-1)
	for name, how := range map[string]testcluster.Denial{
		"404": testcluster.DenyNotFound, "403": testcluster.DenyForbidden, "502": testcluster.DenyBelowTLS, "500": testcluster.DenyError,
		"an ordinary app": ordinary,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := startStub(t)
			cluster, environ, _ := startStubCluster(t, stub, how == ordinary)
			args, uri := []string{"--login=never"}, "mcp+http://"+stub.addr+"/mcp"
			if how == ordinary {
				args, uri = append(args, "--path=/mcp"), "http://"+stub.addr
			} else {
				cluster.SetDenial(how)
			}
			b := startBridge(t, environ, args...)
			wantAnswer(t, "initialize", b.initialize(), `"result"`)
			role := demo.Roles(demo.Role([]string{"*"}, nil))[0]
			none, mfa := role, role
			none.AllowAppLabels, mfa.RequireSessionMFA = nil, true
			app := testcluster.App{Name: "notes", URI: uri, Labels: map[string]string{"env": "demo"}}
			for _, step := range []struct {
				what, want string
				take, give func()
				open       bool // while a call is open: others need a connection to the app service of their own
			}{
				{"MFA needed", "notes needs a second factor for each session",
					func() { cluster.SetRole(mfa); cluster.KillAllSessions() }, func() { cluster.SetRole(role) }, false},
				{"role lost", `has no MCP server \"notes\" that you may use`,
					func() { cluster.SetRole(none); cluster.KillAllSessions() }, func() { cluster.SetRole(role) }, false},
				{"app gone", `has no MCP server \"notes\" that you may use`,
					func() { cluster.DeleteApp("notes"); cluster.KillAllSessions() }, func() { _ = cluster.AddApp(app) }, false},
				{"app gone on an open session", `notes`,
					func() { cluster.DeleteApp("notes") }, func() { _ = cluster.AddApp(app) }, true},
				{"app service down", `has no MCP server \"notes\" that you may use`,
					func() { cluster.SetAppOnline("notes", false) }, func() { cluster.SetAppOnline("notes", true) }, false},
				{"role lost on an open session", "notes", func() { cluster.SetRole(none) }, func() { cluster.SetRole(role) }, true},
				{"locked", "alice is locked in ", func() { cluster.LockUser("alice") }, func() { cluster.UnlockUser("alice") }, false},
			} {
				wantAnswer(t, "before "+step.what, b.getNote(), theNote)
				release := func() {}
				if step.open {
					release = b.openCall(stub)
				}
				step.take()
				kind := map[bool]string{false: "forbidden", true: "mfa_required"}[step.what == "MFA needed"]
				answer := b.untilRefused()
				wantFailureKind(t, step.what, answer, kind)
				wantAnswer(t, step.what, answer, step.want)
				if !step.open { // else the connection of the open call goes on
					wantFailureKind(t, step.what+", again", b.getNote(), kind)
				}
				release()
				step.give()
				wantAnswer(t, "after "+step.what, b.getNote(), theNote)
			}
			if n := stub.hellos.Load(); n != 1 {
				t.Errorf("%d handshakes with the server: a denial was taken for a lost session", n)
			}
		})
	}
}

// TestLockCutsAnswer: a lock ends a call whose answer has begun and has no byte
// yet. It is what the client hears of, at once.
func TestLockCutsAnswer(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, _ := startStubCluster(t, stub, false)
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	for _, begins := range []bool{true, false} {
		reached, done := make(chan struct{}), make(chan struct{})
		stub.says(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if begins {
				http.NewResponseController(w).Flush()
			}
			close(reached)
			<-done
		})
		go func() {
			<-reached
			cluster.LockUser("alice", "has left")
		}()
		wantFailure(t, fmt.Sprint("headers sent: ", begins), b.getNote(), "forbidden", "unknown", "alice is locked in ")
		close(done)
		stub.says(nil)
		cluster.UnlockUser("alice")
		wantAnswer(t, "unlocked", b.getNote(), theNote)
	}
}
