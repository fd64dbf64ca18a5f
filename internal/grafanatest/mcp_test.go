// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// buildTime bounds the first build on a slow machine, where the test itself has
// no deadline.
const buildTime = 15 * time.Minute

// program builds the Grafana MCP server, or skips the test where its modules
// cannot be had.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("building the Grafana MCP server takes minutes the first time")
	}
	deadline := time.Now().Add(buildTime)
	if d, ok := t.Deadline(); ok {
		deadline = d.Add(-time.Minute)
	}
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	path, err := Build(ctx, filepath.Join("..", "..", "testdata", "mcp-grafana"), cacheDir(t))
	if errors.Is(err, ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// logBuffer collects the log of a process while it is read.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func startServer(t *testing.T, grafana *Grafana) (*MCP, *logBuffer) {
	t.Helper()
	cfg := MCPConfig{Program: program(t), GrafanaURL: grafana.URL(), Log: &logBuffer{}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	server, err := StartMCP(ctx, cfg)
	if err != nil {
		t.Fatalf("%v\n%s", err, cfg.Log)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, cfg.Log.(*logBuffer)
}

// keyHeader sets the header that Teleport sets for the app.
type keyHeader struct {
	token string
	next  *http.Transport
}

func (k keyHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if k.token != "" {
		r.Header.Set("X-Grafana-API-Key", k.token)
	}
	return k.next.RoundTrip(r)
}

func connect(t *testing.T, server *MCP, token string) *mcp.ClientSession {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint:   server.URL(),
		HTTPClient: &http.Client{Transport: keyHeader{token, transport}, Timeout: time.Minute},
		MaxRetries: -1,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

// TestMCPUsesEachCallersToken proves what the scenario rests on: the real
// Grafana MCP server passes the token of each request on to Grafana.
func TestMCPUsesEachCallersToken(t *testing.T) {
	a := newAuthority(t)
	g := start(t, Config{JWKSURL: a.url(), RootCAs: a.roots(), Dashboards: dashboards, Datasources: datasources})
	server, log := startServer(t, g)
	alice, bob := a.token(t, "alice"), a.token(t, "bob", "editor")
	update := map[string]any{"dashboard": map[string]any{"uid": "new", "title": "New"}}
	tests := map[string]struct {
		token, tool     string
		arguments       map[string]any
		present, absent string
		request         Request
	}{
		"viewer searches":    {alice, "search_dashboards", nil, "Service Health", "Service Costs", Request{"GET", "/api/search", "alice", Viewer, 200}},
		"editor searches":    {bob, "search_dashboards", nil, "Service Costs", "Failed", Request{"GET", "/api/search", "bob", Editor, 200}},
		"viewer lists":       {alice, "list_datasources", nil, "prometheus", "Access denied", Request{"GET", "/api/datasources", "alice", Viewer, 403}},
		"viewer updates":     {alice, "update_dashboard", update, "additional permissions", "success", Request{"POST", "/api/dashboards/db", "alice", Viewer, 403}},
		"editor updates":     {bob, "update_dashboard", update, "success", "permissions", Request{"POST", "/api/dashboards/db", "bob", Editor, 200}},
		"who am I":           {bob, "user_info", nil, `"login":"bob"`, "alice", Request{"GET", "/api/user", "bob", Editor, 200}},
		"nobody":             {"", "search_dashboards", nil, "401", "Service", Request{"GET", "/api/search", "", "", 401}},
		"a stranger's token": {newAuthority(t).token(t, "mallory"), "search_dashboards", nil, "401", "Service", Request{"GET", "/api/search", "", "", 401}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(g.Requests())
			session := connect(t, server, tt.token)
			result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tt.tool, Arguments: tt.arguments})
			if err != nil {
				t.Fatalf("%v\n%s", err, log)
			}
			text := result.Content[0].(*mcp.TextContent).Text
			if !strings.Contains(text, tt.present) || strings.Contains(text, tt.absent) {
				t.Errorf("the answer has not %q, or has %q:\n%s", tt.present, tt.absent, text)
			}
			seen := g.Requests()[before:]
			if !slices.Contains(seen, tt.request) {
				t.Errorf("Grafana saw %v, want %v among them", seen, tt.request)
			}
		})
	}
	if text := log.String(); strings.Contains(text, "eyJ") {
		t.Errorf("a token is in the server's log:\n%s", text)
	}
}

// TestMCPEnds covers what a test does wrong: a program that is no server, and
// time that has run out.
func TestMCPEnds(t *testing.T) {
	if _, err := StartMCP(t.Context(), MCPConfig{Program: "/does/not/exist"}); err == nil {
		t.Error("a program that does not exist was started")
	}
	path := program(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := StartMCP(ctx, MCPConfig{Program: path, GrafanaURL: "http://127.0.0.1:9"}); !errors.Is(err, context.Canceled) {
		t.Errorf("out of time: %v", err)
	}
}
