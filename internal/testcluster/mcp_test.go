// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The recordings say how messages pass (TestRecordedMCP). What is here is what
// no recording has.

// jsonApp is an MCP app that answers with a body.
func jsonApp(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}
}

// events is an MCP app that answers every request with this stream.
func events(stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, stream)
	}
}

// listing is the answer to a tools/list with one tool of each kind.
const listing = `{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"echo"},{"name":"delete_all"},{"name":"query_a"},{"name":"query_secret"}]}}`

// toolNamesOf returns the names of the tools in a JSON answer, with blanks between.
func toolNamesOf(t *testing.T, body string) string {
	t.Helper()
	var msg struct {
		Result struct {
			Tools []struct{ Name string }
		}
	}
	if err := json.Unmarshal([]byte(body), &msg); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var names []string
	for _, tool := range msg.Result.Tools {
		names = append(names, tool.Name)
	}
	return strings.Join(names, " ")
}

// TestToolRules shows that the patterns of roles count, and only those of roles
// that allow the app.
func TestToolRules(t *testing.T) {
	c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, jsonApp(listing)).URL})
	id := appIdentity(c, "alice", "tools", time.Hour)
	id.Roles = []string{"dev", "none"} // "none" allows every tool, of other apps
	client := clientOf(t, c, id)
	list := readAll(t, do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":7,"method":"tools/list"}`))
	if got := toolNamesOf(t, list); got != "echo query_a" {
		t.Errorf("tools = %q", got)
	}
	for tool, allowed := range map[string]bool{
		"echo": true, "query_loki": true, "list_things": true, "query_secret": false, "Echo": false, "xlist_y": false,
	} {
		got := readAll(t, do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"`+tool+`"}}`))
		if strings.Contains(got, "RBAC") == allowed {
			t.Errorf("tool %q: %s", tool, got)
		}
	}
}

// TestListOnAnotherStream shows that the answer to a tools/list is filtered also
// where it comes on a GET stream, of any MCP session.
func TestListOnAnotherStream(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost { // the stream ends before the answer
			events(": nothing\n\n")(w, r)
			return
		}
		events("data: "+listing+"\n\n")(w, r)
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
	client := appClient(t, c, "tools")
	do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":7,"method":"tools/list"}`, "Mcp-Session-Id", "s")
	for _, want := range []string{"echo query_a", "echo delete_all query_a query_secret"} { // once asked, answered twice
		got := readAll(t, do(t, client, c, "GET", "/", "", "Mcp-Session-Id", "other"))
		if names := toolNamesOf(t, strings.TrimPrefix(got, "event: message\ndata: ")); names != want {
			t.Errorf("tools = %q, want %q", names, want)
		}
	}
}

// TestTrackerIsBounded shows that of many requests that are not answered the
// oldest is forgotten, and its answer passes unfiltered.
func TestTrackerIsBounded(t *testing.T) {
	var tracker idTracker
	for i := range maxTrackedIDs + 1 {
		tracker.push(float64(i), "tools/list")
	}
	tracker.push("1", "ping")
	for id, want := range map[any]string{0.0: "", 1.0: "", 2.0: "tools/list", float64(maxTrackedIDs): "tools/list", "1": "ping"} {
		if got := tracker.pop(id); got != want {
			t.Errorf("id %v is of %q, want %q", id, got, want)
		}
		if tracker.pop(id) != "" {
			t.Errorf("id %v is known twice", id)
		}
	}
	if len(tracker.methods) != len(tracker.order) || len(tracker.order) != maxTrackedIDs-3 {
		t.Errorf("%d ids, %d in order", len(tracker.methods), len(tracker.order))
	}
}

// TestOlderReleases shows what depends on the release besides event streams:
// what is told of errors, and that there are MCP apps at all.
func TestOlderReleases(t *testing.T) {
	const notMCP = "not a MCP request or notification"
	for _, tt := range []struct {
		version, origin            string
		html, list, dead, response string
	}{
		{NewestVersion, "app-service", "400 unsupported response type text/html", "500 unexpected end of JSON input", "502 EOF", "400 " + notMCP},
		{"18.3.0", "", "500 Internal Server Error", "500 Internal Server Error", "502 Bad Gateway", "400 " + notMCP},
		{"18.0.0", "", "500 Internal Server Error", "500 Internal Server Error", "500 Internal Server Error", "500 Internal Server Error"},
	} {
		t.Run(tt.version, func(t *testing.T) {
			up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/html":
					w.Header().Set("Content-Type", "text/html")
					io.WriteString(w, "<html>")
				case "/list":
					jsonApp(`{"result":{"tools":[`)(w, r)
				default:
					panic(http.ErrAbortHandler)
				}
			})
			c, err := Start(Config{Version: tt.version, Users: appUsers, Roles: appRoles, Apps: []App{
				{Name: "tools", URI: "mcp+" + up.URL, Labels: map[string]string{"env": "dev"}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			client := appClient(t, c, "tools")
			ask := func(path, body, want, origin string) {
				t.Helper()
				resp := do(t, client, c, "POST", path, body)
				if got := fmt.Sprintf("%d %s", resp.StatusCode, readAll(t, resp)); got != want {
					t.Errorf("answer = %q, want %q", got, want)
				}
				if got := resp.Header.Get("X-Teleport-Mcp-Error-Origin"); got != origin {
					t.Errorf("origin = %q, want %q", got, origin)
				}
			}
			const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
			ask("/html", list, tt.html, tt.origin)
			ask("/list", list, tt.list, tt.origin)
			ask("/", `{"jsonrpc":"2.0","id":1,"result":{}}`, tt.response, tt.origin)
			ask("/", list, tt.dead, strings.Replace(tt.origin, "app-service", "upstream-unreachable", 1))
		})
	}
}

// TestMCPTokenIsRenewed shows that an MCP app gets another token once the one
// before has ended, after ten minutes (TestRecordedMCP), and a web app never.
func TestMCPTokenIsRenewed(t *testing.T) {
	var token string
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		token = r.Header.Get(jwtHeader)
		jsonApp(`{"jsonrpc":"2.0","id":1,"result":{}}`)(w, r)
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL}, App{Name: "web", URI: up.URL})
	for app, renewed := range map[string]bool{"tools": true, "web": false} {
		id := appIdentity(c, "alice", app, time.Hour)
		client := clientOf(t, c, id)
		ask := func() string {
			do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
			return token
		}
		first := ask()
		if ask() != first {
			t.Errorf("%s: the token changes with each request", app)
		}
		sess := c.sessions.live(id, time.Now())
		c.sessions.mu.Lock()
		sess.renew = time.Now()
		c.sessions.mu.Unlock()
		if got := ask() != first; got != renewed {
			t.Errorf("%s: another token: %v", app, got)
		}
	}
}

// TestToolDecisionsAreKept shows that a role that changes counts for the tools of
// a session only after a while, and of another session at once.
func TestToolDecisionsAreKept(t *testing.T) {
	c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, jsonApp(`{"jsonrpc":"2.0","id":1,"result":{}}`)).URL})
	id := appIdentity(c, "alice", "tools", time.Hour)
	client := clientOf(t, c, id)
	denied := func(client *http.Client) bool {
		body := readAll(t, do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}`))
		return strings.Contains(body, "RBAC")
	}
	if denied(client) {
		t.Fatal("echo is denied")
	}
	role := appRoles[0]
	role.AllowTools = nil
	c.SetRole(role)
	if denied(client) {
		t.Error("the session's decision is not kept")
	}
	if !denied(appClient(t, c, "tools")) {
		t.Error("another session may still call echo")
	}
	sess := c.sessions.live(id, time.Now())
	c.sessions.mu.Lock()
	sess.decided = time.Now().Add(-c.cfg.AppTimes.MCPTools)
	c.sessions.mu.Unlock()
	if !denied(client) {
		t.Error("the decision is kept for ever")
	}
}
