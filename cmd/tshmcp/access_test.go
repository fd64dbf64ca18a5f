// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// stubServer is an MCP server that counts how often a tool was called, and
// whose answer to that a test chooses.
type stubServer struct {
	addr          string
	hellos, calls atomic.Int64

	mu     sync.Mutex
	answer http.HandlerFunc // to tools/call; nil: the note
}

func startStub(t *testing.T) *stubServer {
	t.Helper()
	s := &stubServer{}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	s.addr = srv.Listener.Addr().String()
	return s
}

func (s *stubServer) says(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *stubServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, _ := io.ReadAll(r.Body)
	var m struct {
		ID     json.RawMessage
		Method string
	}
	_ = json.Unmarshal(body, &m)
	result := `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"stub","version":"1"}}`
	switch m.Method {
	case "tools/call":
		s.calls.Add(1)
		s.mu.Lock()
		answer := s.answer
		s.mu.Unlock()
		if answer != nil {
			answer(w, r)
			return
		}
		result = `{"content":[{"type":"text","text":"` + theNote + `"}]}`
	case "initialize":
		s.hellos.Add(1)
		w.Header().Set("Mcp-Session-Id", "s1")
	}
	if m.ID == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, m.ID, result)
}

// startStubCluster starts a cluster with the stub as its app notes, an MCP app
// or with plain an ordinary one, and logs alice in.
func startStubCluster(t *testing.T, stub *stubServer, plain bool) (cluster *testcluster.Cluster, environ []string, home string) {
	t.Helper()
	uri := "mcp+http://" + stub.addr + "/mcp"
	if plain {
		uri = "http://" + stub.addr
	}
	cluster, err := testcluster.Start(testcluster.Config{
		AppTimes: testcluster.AppTimes{Lock: time.Millisecond, Deleted: time.Millisecond, Denial: 10 * time.Millisecond},

		Users: demo.Users(),
		Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps:  []testcluster.App{{Name: "notes", URI: uri, Labels: map[string]string{"env": "demo"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	environ, home = bareEnviron(t)
	if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	return cluster, environ, home
}

// failed is the error of an answer.
type failed struct {
	Error struct {
		Message string
		Data    struct {
			Kind, Executed string
			Retryable      bool
		}
	}
}

func failureIn(t *testing.T, answer string) failed {
	t.Helper()
	var f failed
	if err := json.Unmarshal([]byte(answer), &f); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return f
}

// wantFailure compares an answer's class, and its text with parts of it.
func wantFailure(t *testing.T, what, answer, kind, executed string, parts ...string) {
	t.Helper()
	f := failureIn(t, answer)
	if f.Error.Data.Kind != kind || f.Error.Data.Executed != executed {
		t.Errorf("%s: kind %q, executed %q, want %q, %q\n%s", what, f.Error.Data.Kind, f.Error.Data.Executed, kind, executed, answer)
	}
	for _, part := range parts {
		if !strings.Contains(f.Error.Message, part) {
			t.Errorf("%s: %q\nwant %q in it", what, f.Error.Message, part)
		}
	}
}

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

// answering answers with a status, a header line and a body.
func answering(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

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

// askAll calls the tool n times at once and returns the answers by id.
func (b *rawBridge) askAll(n int) map[int]string {
	b.t.Helper()
	answers := map[int]string{}
	for range n {
		b.id++
		answers[b.id] = ""
		fmt.Fprintf(b.in, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_note","arguments":{"name":"deploy"}}}`+"\n", b.id)
	}
	for range n {
		line, err := b.out.ReadString('\n')
		if err != nil {
			b.t.Fatal(err)
		}
		var head struct{ ID int }
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			b.t.Fatalf("%v in %s", err, line)
		}
		answers[head.ID] = line
	}
	return answers
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

func deniedAs(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

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
				{"locked", role, []string{"alice is locked in ", "and every request denied", "an administrator has locked you out"}},
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
				wantFailure(t, step.what, b.getNote(), "forbidden", executed, step.parts...)
				wantFailure(t, step.what+", again", b.getNote(), "forbidden", "no", step.parts...)
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
			wantFailure(t, "one of fifty", answer, "forbidden", "no", "your roles in demo-cluster do not allow notes, or not any more")
		}
	}
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions, want 1", n)
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
			[]string{"Teleport does not reach the MCP server behind notes", `Teleport says: "dial tcp 127.0.0.1:9: connect: connection refused"`}},
		{"an ordinary app that is down", deniedAs(500, plain, "Connection Refused \n\nTeleport was unable to connect to the requested host, possibly because the server \nis not running. Ensure the server is running and listening on the correct port. \n\nUse \"nc -vz HOST PORT\" to help debug this issue. \n"),
			"upstream_unreachable", "no", 3, []string{`Teleport says: "Connection Refused Teleport was unable to connect to the requested host, possibly because the server is not running"`}},
		{"a server that hangs up", deniedAs(502, from("upstream-unreachable"), "EOF"), "connection_lost", "unknown", 1,
			[]string{"the MCP server behind notes closed the connection without an answer; the request may have been executed", `Teleport says: "EOF"`}},
		{"a silent server", deniedAs(504, from("upstream-unreachable"), "net/http: timeout awaiting response headers"), "timeout", "unknown", 1,
			[]string{"did not begin to answer within 60 seconds, Teleport's limit for MCP apps; the request may still be running", `"net/http: timeout awaiting response headers"`}},
		{"an answer of another kind", deniedAs(400, from("app-service"), "unsupported response type text/html"), "upstream_malformed", "unknown", 1,
			[]string{"Teleport does not pass on what the MCP server behind notes answered", `Teleport says: "unsupported response type text/html"`}},
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
				answer := b.untilRefused()
				wantFailureKind(t, step.what, answer, "forbidden")
				wantAnswer(t, step.what, answer, step.want)
				if !step.open { // else the connection of the open call goes on
					wantFailureKind(t, step.what+", again", b.getNote(), "forbidden")
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

func wantFailureKind(t *testing.T, what, answer, kind string) {
	t.Helper()
	if got := failureIn(t, answer).Error.Data.Kind; got != kind {
		t.Errorf("%s: kind %q, want %q\n%s", what, got, kind, answer)
	}
}

// untilRefused calls the tool until the cluster has noticed what was changed.
func (b *rawBridge) untilRefused() string {
	b.t.Helper()
	for range 2000 {
		if answer := b.getNote(); !strings.Contains(answer, theNote) {
			return answer
		}
	}
	b.t.Fatal("never refused")
	return ""
}

// openCall begins a call of the tool that is answered when release is called.
func (b *rawBridge) openCall(stub *stubServer) (release func()) {
	b.t.Helper()
	reached, released := make(chan struct{}), make(chan struct{})
	stub.says(func(w http.ResponseWriter, r *http.Request) {
		close(reached)
		<-released
		answering(500, "", "")(w, r)
	})
	b.id++
	fmt.Fprintf(b.in, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_note"}}`+"\n", b.id)
	select {
	case <-reached:
	case <-time.After(scriptTime):
		b.t.Fatal("the call does not reach the server")
	}
	stub.says(nil)
	return func() { close(released) }
}
