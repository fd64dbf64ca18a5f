// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strings"
	"testing"
	"time"
)

const plainText = "text/plain; charset=utf-8"

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }

// TestRefusals holds the rows of protocol.md 8.4 that need no app.
func TestRefusals(t *testing.T) {
	up := upstream(t, hello)
	used := func(t *testing.T, c *Cluster, id identity) {
		wantAnswer(t, do(t, clientOf(t, c, id), c, "GET", "/x", ""), 200, plainText, "hello")
	}
	tests := []struct {
		name   string
		user   string
		app    string
		change func(t *testing.T, c *Cluster, id *identity)
		status int
		body   string
	}{
		{name: "user certificate", change: func(_ *testing.T, _ *Cluster, id *identity) {
			id.Usage, id.SessionID, id.AppName = nil, "", ""
		}, status: 403, body: "Forbidden\n"},
		{name: "no session id", change: func(_ *testing.T, _ *Cluster, id *identity) { id.SessionID = "" }, status: 403, body: "Forbidden\n"},
		{name: "unrestricted certificate with a session", change: func(_ *testing.T, _ *Cluster, id *identity) { id.Usage = nil }, status: 403, body: "Forbidden\n"},
		{name: "session deleted", change: func(t *testing.T, c *Cluster, id *identity) {
			if !c.KillSession(id.SessionID) || c.KillSession(id.SessionID) {
				t.Error("KillSession does not tell whether there was a session")
			}
		}, status: 403, body: "Forbidden\n"},
		{name: "all sessions deleted after use", change: func(t *testing.T, c *Cluster, id *identity) {
			used(t, c, *id)
			c.KillAllSessions()
		}, status: 403, body: "Forbidden\n"},
		{name: "sessions expired", change: func(t *testing.T, c *Cluster, id *identity) {
			used(t, c, *id)
			c.ExpireSessions()
		}, status: 403, body: "Forbidden\n"},
		{name: "session of somebody else", change: func(_ *testing.T, _ *Cluster, id *identity) { id.Username = "bob" }, status: 403, body: "Forbidden\n"},
		{name: "unknown public address", app: "nowhere", status: 403, body: "Forbidden\n"},
		{name: "offline at first request", change: func(_ *testing.T, c *Cluster, _ *identity) { c.SetAppOnline("web", false) }, status: 403, body: "Forbidden\n"},
		{name: "offline after use", change: func(t *testing.T, c *Cluster, id *identity) {
			used(t, c, *id)
			c.SetAppOnline("web", false)
		}, status: 502, body: "Bad Gateway"},
		{name: "online again", change: func(t *testing.T, c *Cluster, id *identity) {
			c.SetAppOnline("web", false)
			c.SetAppOnline("web", true)
		}, status: 200, body: "hello"},
		{name: "role does not allow", user: "bob", status: 404, body: "Not Found\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := startApps(t, App{Name: "web", URI: up.URL})
			id := appIdentity(c, firstOf(tt.user, "alice"), firstOf(tt.app, "web"), time.Hour)
			if tt.change != nil {
				tt.change(t, c, &id)
			}
			resp := do(t, clientOf(t, c, id), c, "GET", "/x", "")
			if nosniff := resp.Header.Get("X-Content-Type-Options"); (nosniff == "nosniff") != strings.HasSuffix(tt.body, "\n") {
				t.Errorf("X-Content-Type-Options = %q with %q", nosniff, tt.body)
			}
			wantAnswer(t, resp, tt.status, plainText, tt.body)
		})
	}
}

func TestExpiredCertificate(t *testing.T) {
	t.Parallel() // it waits
	up := upstream(t, hello)
	c := startApps(t, App{Name: "web", URI: up.URL})
	id := appIdentity(c, "alice", "web", 2*time.Second)
	client := clientOf(t, c, id)
	c.sessions.byID[id.SessionID].Expires = time.Now().Add(time.Hour) // the certificate, not the session, is what expires

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	fresh := 0
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			fresh++
		}
	}})
	for status := 0; status != 403; { // on one connection, until the certificate has expired
		req, _ := http.NewRequestWithContext(ctx, "GET", c.URL(), nil)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		status = resp.StatusCode
		if body := readAll(t, resp); status != 200 && body != "Forbidden\n" {
			t.Fatalf("answer = %d %q", status, body)
		}
		wait(ctx, 10*time.Millisecond)
	}
	if fresh != 1 {
		t.Errorf("%d connections, want 1", fresh)
	}
	client.CloseIdleConnections()
	_, err := client.Get(c.URL())
	var alert tls.AlertError
	if !errors.As(err, &alert) && (err == nil || !strings.Contains(err.Error(), "expired certificate")) {
		t.Errorf("new connection: %v, want the alert expired certificate", err)
	}
}

func TestAppPath(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RequestURI) })
	c := startApps(t, App{Name: "root", URI: up.URL}, App{Name: "deep", URI: up.URL + "/a%2Fb/c"})
	root, deep := appClient(t, c, "root"), appClient(t, c, "deep")
	for _, uri := range []string{"/", "/a%2fb?x=1;y=%zz&z", "/a//b/../c"} {
		wantAnswer(t, do(t, root, c, "GET", uri, ""), 200, plainText, uri)
	}
	wantAnswer(t, do(t, deep, c, "GET", "/other", ""), 200, plainText, "/other")
	resp := do(t, deep, c, "GET", "/", "")
	want := "https://deep." + c.Name() + ".test:" + portOf(t, c.Addr()) + "/a%2Fb/c"
	if got := resp.Header.Get("Location"); resp.StatusCode != 302 || got != want {
		t.Errorf("answer to / = %d %s, want 302 %s", resp.StatusCode, got, want)
	}
}

func TestReservedPaths(t *testing.T) {
	up := upstream(t, hello)
	c := startApps(t, App{Name: "web", URI: up.URL})
	client := appClient(t, c, "web")
	wantAnswer(t, do(t, client, c, "POST", "/x-teleport-auth", ""), 403, plainText, "Forbidden\n")
	wantAnswer(t, do(t, client, c, "POST", "/teleport-logout", ""), 405, plainText, "Method Not Allowed\n")
	if n := len(c.Sessions()); n != 1 {
		t.Fatalf("%d sessions before the logout", n)
	}
	wantAnswer(t, do(t, client, c, "GET", "/teleport-logout", ""), 200, plainText, "Logged out.\n")
	if n := len(c.Sessions()); n != 0 {
		t.Errorf("%d sessions after the logout", n)
	}
	wantAnswer(t, do(t, client, c, "GET", "/", ""), 403, plainText, "Forbidden\n")
}

func TestSessions(t *testing.T) {
	c := startApps(t, App{Name: "web", URI: "http://127.0.0.1:1"})
	id := appIdentity(c, "alice", "web", time.Hour)
	sessions := c.Sessions()
	if len(sessions) != 1 || sessions[0] != (Session{ID: id.SessionID, User: "alice", App: "web", Cluster: "demo-cluster", Expires: id.Expires}) {
		t.Errorf("Sessions() = %+v", sessions)
	}
	if len(id.SessionID) != 64 || strings.Trim(id.SessionID, "0123456789abcdef") != "" {
		t.Errorf("session id %q is not 64 hex characters", id.SessionID)
	}
	c.ExpireSessions()
	if n := len(c.Sessions()); n != 0 {
		t.Errorf("%d sessions after their end", n)
	}
	appIdentity(c, "alice", "web", time.Hour)
	if n := len(c.sessions.byID); n != 1 {
		t.Errorf("%d sessions kept, want the new one only", n)
	}
}

func TestUnreachableApp(t *testing.T) {
	dead := closedURL(t)
	mute := upstream(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	c := startApps(t, App{Name: "web", URI: dead}, App{Name: "mute", URI: "mcp+" + mute.URL}, App{Name: "raw", URI: "tcp://127.0.0.1:1"})
	resp := do(t, appClient(t, c, "web"), c, "GET", "/", "")
	body := readAll(t, resp)
	if resp.StatusCode != 500 || resp.Header.Get("Content-Type") != plainText || !strings.HasPrefix(body, "Connection Refused") {
		t.Errorf("dead web app: %d %q", resp.StatusCode, body)
	}
	const post = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	resp = do(t, appClient(t, c, "mute"), c, "POST", "/", post)
	if got := resp.Header.Get("X-Teleport-Mcp-Error-Origin"); got != "upstream-unreachable" {
		t.Errorf("origin = %q", got)
	}
	wantAnswer(t, resp, 502, plainText, "EOF")
	wantAnswer(t, do(t, appClient(t, c, "raw"), c, "GET", "/", ""), 500, plainText, "Internal Server Error")
}

// TestUpgrade holds "Upgrade: websocket works" of protocol.md 8.1.
func TestUpgrade(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "echo" {
			t.Errorf("Upgrade = %q", r.Header.Get("Upgrade"))
		}
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "echo")
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		line, _ := rw.ReadString('\n')
		fmt.Fprint(conn, line)
	})
	c := startApps(t, App{Name: "web", URI: up.URL})
	resp := do(t, appClient(t, c, "web"), c, "GET", "/", "", "Connection", "Upgrade", "Upgrade", "echo")
	if resp.StatusCode != 101 {
		t.Fatalf("status = %d", resp.StatusCode)
	}
	fmt.Fprintln(resp.Body.(io.Writer), "over the line")
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); line != "over the line\n" {
		t.Errorf("read %q, %v", line, err)
	}
	if rec := c.Requests()[0]; rec.Status != 101 {
		t.Errorf("recorded status = %d", rec.Status)
	}
}

func TestAppOverTLS(t *testing.T) {
	up := httptest.NewUnstartedServer(http.HandlerFunc(hello))
	up.Config.ErrorLog = log.New(io.Discard, "", 0) // one handshake fails
	up.StartTLS()
	defer up.Close()
	c := startApps(t, App{Name: "web", URI: up.URL})
	client := appClient(t, c, "web")
	if resp := do(t, client, c, "GET", "/", ""); resp.StatusCode != 500 {
		t.Errorf("untrusted app: status %d", resp.StatusCode)
	}
	c.TrustApps(up.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs)
	wantAnswer(t, do(t, client, c, "GET", "/", ""), 200, plainText, "hello")
}

func TestErrorStatus(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want int
	}{
		{fmt.Errorf("proxy: %w", io.EOF), 502},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, 504},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, 502},
		{context.Canceled, 500},
		{errors.New("unsupported response type"), 500},
	} {
		if got := errorStatus(tt.err); got != tt.want {
			t.Errorf("errorStatus(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}
