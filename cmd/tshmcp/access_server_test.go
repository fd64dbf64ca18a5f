// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect, with an MCP server that refuses, misbehaves or is down.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestRefusalOfTheServerIsItsOwn: a 403 or 404 of the MCP server, or of a
// firewall before it, is delivered once and costs no certificate, also where its
// words are those of Teleport.
func TestRefusalOfTheServerIsItsOwn(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"JSON":            answering(403, "Content-Type: application/json", `{"error":"insufficient_scope"}`),
		"text":            answering(403, "Content-Type: text/plain", "you may not call this"),
		"a page":          answering(403, "Content-Type: text/html", "<html><h1>Forbidden</h1></html>"),
		"nothing":         answering(403, "", ""),
		"Teleport's JSON": answering(403, "Content-Type: application/json", strings.ReplaceAll(traceNotFound, "not found", "you may not")),
		"the proxy's own": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "Forbidden", http.StatusForbidden) },
	}
	for name, plain := range map[string]bool{"an MCP app": false, "an ordinary app": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stub := startStub(t)
			cluster, environ, _ := startStubCluster(t, stub, plain)
			args := []string{"--login=never"}
			if plain {
				args = append(args, "--path=/mcp")
			}
			b := startBridge(t, environ, args...)
			wantAnswer(t, "initialize", b.initialize(), `"result"`)
			for name, answer := range answers {
				stub.says(answer)
				before := stub.calls.Load()
				got := b.getNote()
				wantFailure(t, name, got, "forbidden", "no")
				if strings.Contains(got, "offline") || strings.Contains(got, "Teleport") {
					t.Errorf("%s: blamed on Teleport: %s", name, got)
				}
				if n := stub.calls.Load() - before; n != 1 {
					t.Errorf("%s: delivered %d times", name, n)
				}
			}
			if n := len(cluster.Sessions()); n != 1 {
				t.Errorf("%d app sessions, want 1", n)
			}
		})
	}
}

// TestTeleportSpeaksForTheServer lets Teleport answer in the server's place, in
// the words that were recorded: what it says of itself, of the server and of one
// that it does not reach is told as such, with its reason.
func TestTeleportSpeaksForTheServer(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, _ := startStubCluster(t, stub, false)
	from := func(origin string) map[string]string {
		return map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Teleport-Mcp-Error-Origin": origin}
	}
	plain := map[string]string{"Content-Type": "text/plain; charset=utf-8"}
	slow := map[string]string{"Content-Type": "text/plain", "Retry-After": "9"}
	var mu sync.Mutex
	var answer http.HandlerFunc
	asked := 0
	cluster.OnAppRequest(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if answer == nil || r.Method != http.MethodPost {
			return false
		}
		asked++
		answer(w, r)
		return true
	})
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	wantAnswer(t, "at first", b.getNote(), theNote)
	for _, tt := range []struct {
		name           string
		answer         http.HandlerFunc
		kind, executed string
		asked          int
		parts          []string
	}{
		{"an answer over the limit", deniedAs(429, from("app-service"), "the read limit is reached"), "response_too_large", "unknown", 1,
			[]string{"the answer of notes is longer than 10 MiB, Teleport's limit for MCP apps; the request was executed", "ask for less at a time", `Teleport says: "the read limit is reached"`}},
		{"the server's own 429", deniedAs(429, slow, "slow down"), "throttled", "no", 1, []string{"overloaded"}},
		{"a server that is down", deniedAs(502, from("upstream-unreachable"), "dial tcp 127.0.0.1:9: connect: connection refused"), "upstream_unreachable", "no", 3,
			[]string{"Teleport cannot reach the MCP server behind notes", `Teleport says: "dial tcp 127.0.0.1:9: connect: connection refused"`}},
		{"an ordinary app that is down", deniedAs(500, plain, "Connection Refused \n\nTeleport was unable to connect to the requested host, possibly because the server \nis not running. Ensure the server is running and listening on the correct port. \n\nUse \"nc -vz HOST PORT\" to help debug this issue. \n"),
			"upstream_unreachable", "no", 3, []string{`Teleport says: "Connection Refused Teleport was unable to connect to the requested host, possibly because the server is not running"`}},
		{"a server that hangs up", deniedAs(502, from("upstream-unreachable"), "EOF"), "connection_lost", "unknown", 1,
			[]string{"the MCP server behind notes closed the connection without an answer; the request may have been executed", `Teleport says: "EOF"`}},
		{"a silent server", deniedAs(504, from("upstream-unreachable"), "net/http: timeout awaiting response headers"), "timeout", "unknown", 1,
			[]string{"did not start to answer within 60 seconds, Teleport's limit for MCP apps; the request may still be running", `"net/http: timeout awaiting response headers"`}},
		{"an answer of another kind", deniedAs(400, from("app-service"), "unsupported response type text/html"), "upstream_malformed", "unknown", 1,
			[]string{"Teleport does not pass on the answer of the MCP server behind notes", `Teleport says: "unsupported response type text/html"`}},
		{"an answer that is cut", deniedAs(500, from("app-service"), "unexpected EOF"), "upstream_malformed", "unknown", 1, []string{`Teleport says: "unexpected EOF"`}},
		{"a request that does not pass", deniedAs(400, from("app-service"), "invalid request body invalid request id: true"), "http_status", "no", 1,
			[]string{"Teleport did not pass the request on to notes", `Teleport says: "invalid request body invalid request id: true"`}},
		{"the server's own 503", deniedAs(503, from("upstream"), "later"), "http_status", "unknown", 1, nil},
		{"nobody known", deniedAs(502, plain, "Bad Gateway"), "http_status", "unknown", 1, nil},
	} {
		mu.Lock()
		answer, asked = tt.answer, 0
		mu.Unlock()
		got := b.getNote()
		wantFailure(t, tt.name, got, tt.kind, tt.executed, tt.parts...)
		if len(tt.parts) == 0 && strings.Contains(got, "Teleport") {
			t.Errorf("%s: blamed on Teleport: %s", tt.name, got)
		}
		mu.Lock()
		if asked != tt.asked {
			t.Errorf("%s: asked %d times, want %d", tt.name, asked, tt.asked)
		}
		answer = nil
		mu.Unlock()
	}
	wantAnswer(t, "at last", b.getNote(), theNote)
	if n := stub.calls.Load(); n != 2 {
		t.Errorf("%d calls reached the server", n)
	}
}

// TestServerTrouble has a server that misbehaves, or is down, behind a cluster that
// tells it as the newest ones do.
func TestServerTrouble(t *testing.T) {
	t.Parallel()
	stub := &stubServer{}
	srv := httptest.NewServer(stub)
	defer srv.Close()
	stub.addr = srv.Listener.Addr().String()
	_, environ, _ := startStubCluster(t, stub, false)
	long := `{"jsonrpc":"2.0","id":1,"result":"` + strings.Repeat("x", 11<<20) + `"}`
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	for _, tt := range []struct {
		name           string
		answer         http.HandlerFunc
		kind, executed string
		part           string
	}{
		{"too much", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, long)
		}, "response_too_large", "unknown", "the answer of notes is longer than 10 MiB"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"connection_lost", "unknown", "closed the connection without an answer"},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			"timeout", "unknown", "did not start to answer within 60 seconds"},
		{"a page", answering(200, "Content-Type: text/html", "<html>hi</html>"),
			"upstream_malformed", "unknown", `Teleport says: "unsupported response type text/html"`},
	} {
		stub.says(tt.answer)
		before := stub.calls.Load()
		wantFailure(t, tt.name, b.getNote(), tt.kind, tt.executed, tt.part)
		if n := stub.calls.Load() - before; n != 1 {
			t.Errorf("%s: delivered %d times", tt.name, n)
		}
	}
	stub.says(nil)
	wantAnswer(t, "well again", b.getNote(), theNote)
	srv.Close()
	// The cluster may still have a connection that it takes for good.
	answer := b.getNote()
	for range 100 {
		if failureIn(t, answer).Error.Data.Kind != "connection_lost" {
			break
		}
		answer = b.getNote()
	}
	wantFailure(t, "down", answer, "upstream_unreachable", "no", "Teleport cannot reach the MCP server behind notes", "connection refused")
}

// TestOriginOfOrdinaryApp: Teleport names no origin at an ordinary app, and
// answers no JSON. One that does, as a gateway to MCP apps of its own may, has run
// what it was asked.
func TestOriginOfOrdinaryApp(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, environ, _ := startStubCluster(t, stub, true)
	b := startBridge(t, environ, "--login=never", "--path=/mcp")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	stub.says(deniedAs(502, map[string]string{"X-Teleport-Mcp-Error-Origin": "upstream-unreachable", "Content-Type": "text/plain; charset=utf-8"}, "dial tcp: connection refused"))
	wantFailure(t, "down", b.getNote(), "http_status", "unknown", `the server says: "dial tcp: connection refused"`)
	stub.says(recordedDenials["404 of 18.3"])
	wantFailure(t, "denied", b.getNote(), "http_status", "no", `the server says: "not found"`)
	if n, sessions := stub.calls.Load(), len(cluster.Sessions()); n != 2 || sessions != 1 {
		t.Errorf("the tool was called %d times in %d app sessions, want 2 in 1", n, sessions)
	}
}

// TestOldClusterIsNamed: a cluster from before MCP apps over HTTP answers 500 to
// all that is asked of one, whatever the roles are.
func TestOldClusterIsNamed(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	cluster, err := testcluster.Start(testcluster.Config{
		Version: "18.0.0",
		Users:   demo.Users(),
		Roles:   demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps:    []testcluster.App{{Name: "notes", URI: "mcp+http://" + stub.addr + "/mcp", Labels: map[string]string{"env": "demo"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	environ, home := bareEnviron(t)
	if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	const want = "demo-cluster runs Teleport 18.0.0, MCP servers over HTTP need 18.3"
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), want)
	wantAnswer(t, "a call", b.getNote(), want)
	ls := tshmcp(t, environ, "ls")
	text, err := ls.CombinedOutput()
	if err != nil || !strings.Contains(string(text), want) || strings.Contains(string(text), "mcp.tools") {
		t.Errorf("ls: %v\n%s", err, text)
	}
}

// TestStreamsThatTeleportEnds: at an MCP app, what the bridge sees as a broken
// stream is most often Teleport's doing, and would be so each time.
func TestStreamsThatTeleportEnds(t *testing.T) {
	t.Parallel()
	stub := startStub(t)
	_, environ, _ := startStubCluster(t, stub, false)
	b := startBridge(t, environ, "--login=never")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	stub.says(answering(200, "Content-Type: text/event-stream", "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"elicitation/create\",\"params\":{}}\n\n"))
	wantFailure(t, "elicitation", b.getNote(), "stream_lost", "unknown", "the answer's stream broke off", "Teleport ends a stream at a request of the server")
}
