// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: an MCP server whose answers a test chooses, behind a cluster, and a bridge to it.

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
	ends          atomic.Int64 // sessions that were deleted

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
	if r.Method == http.MethodDelete {
		s.ends.Add(1)
	}
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
		AppTimes: testcluster.AppTimes{Lock: time.Millisecond, Deleted: time.Millisecond, Denial: 10 * time.Millisecond, MCPHeaders: 4 * time.Second},

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

func deniedAs(status int, header map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
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
