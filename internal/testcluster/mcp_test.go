// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// mcpEcho is an MCP app that answers with what it saw, as JSON.
func mcpEcho(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, r.Method+" "+r.RequestURI+" "+string(body))
}

func TestMCPMethodsAndPaths(t *testing.T) {
	up := upstream(t, mcpEcho)
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL + "/mcp"}, App{Name: "bare", URI: "mcp+" + up.URL})
	tools, bare := appClient(t, c, "tools"), appClient(t, c, "bare")
	const ping = ` { "id" : 1, "method":"ping", "jsonrpc":"2.0" } `
	const typeJSON = "application/json"
	wantAnswer(t, do(t, tools, c, "POST", "/", ping), 200, typeJSON, "POST /mcp "+ping)
	wantAnswer(t, do(t, tools, c, "POST", "/?a=%zz;b", ping), 200, typeJSON, "POST /mcp?a=%zz;b "+ping)
	wantAnswer(t, do(t, tools, c, "POST", "/other", ping), 200, typeJSON, "POST /other "+ping)
	wantAnswer(t, do(t, bare, c, "POST", "/", ping), 200, typeJSON, "POST / "+ping)
	wantAnswer(t, do(t, tools, c, "GET", "/", ""), 200, typeJSON, "GET /mcp ")
	wantAnswer(t, do(t, tools, c, "GET", "/.well-known/oauth-protected-resource/mcp", ""), 200, typeJSON, "GET /.well-known/oauth-protected-resource/mcp ")
	wantAnswer(t, do(t, tools, c, "DELETE", "/", ""), 200, typeJSON, "DELETE /mcp ")
	for _, method := range []string{"PUT", "PATCH", "OPTIONS", "HEAD"} {
		wantAnswer(t, do(t, tools, c, method, "/", ""), 405, "", "")
	}
}

func TestRefusedPosts(t *testing.T) {
	reached := false
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
		reached = true
		w.WriteHeader(http.StatusAccepted)
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
	client := appClient(t, c, "tools")
	const notMCP = "not a MCP request or notification"
	for _, tt := range []struct{ name, body, want string }{
		{"response", `{"jsonrpc":"2.0","id":1,"result":{}}`, notMCP},
		{"error", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}`, notMCP},
		{"batch", ` [{"jsonrpc":"2.0","id":1,"method":"ping"}]`, notMCP},
		{"neither", `{"jsonrpc":"2.0","id":1}`, notMCP},
		{"other case", `{"jsonrpc":"2.0","id":1,"Method":"ping"}`, notMCP},
		{"empty", ``, "invalid request body: not a JSON object"},
		{"no object", `"ping"`, "invalid request body: not a JSON object"},
		{"no JSON", `{"id":1`, "invalid request body: not a JSON object"},
		{"too large", `{"method":"` + strings.Repeat("x", maxMCPBody) + `"}`, "invalid request body: larger than 10 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantAnswer(t, do(t, client, c, "POST", "/", tt.body), 400, plainText, tt.want)
		})
	}
	c.SetErrorOrigin(true)
	if got := do(t, client, c, "POST", "/", `[]`).Header.Get("X-Teleport-Mcp-Error-Origin"); got != "app-service" {
		t.Errorf("origin = %q", got)
	}
	if reached {
		t.Error("a refused body reached the app")
	}
	c.SetAllowResponses(true)
	wantAnswer(t, do(t, client, c, "POST", "/", `{"jsonrpc":"2.0","id":1,"result":{}}`), 202, "", "")
	wantAnswer(t, do(t, client, c, "POST", "/", `[]`), 400, plainText, notMCP)
	limit := `{"method":"` + strings.Repeat("x", maxMCPBody-13) + `"}`
	wantAnswer(t, do(t, client, c, "POST", "/", limit), 202, "", "")
}

func TestMCPResponses(t *testing.T) {
	for _, tt := range []struct {
		name, method, path string
		status             int
		mediaType, body    string
		want               int // 0: passes as it is
	}{
		{name: "json", status: 200, mediaType: "Application/JSON; charset=utf-8", body: " {\"result\" : 1}\n"},
		{name: "text", status: 200, mediaType: "text/html", body: "hi", want: 500},
		{name: "no type", status: 200, mediaType: "", body: "hi", want: 500},
		{name: "no body", status: 200, mediaType: "text/html"},
		{name: "accepted", status: 202},
		{name: "not found", status: 404, mediaType: "text/html", body: "<lost>"},
		{name: "down", status: 503, mediaType: "text/html", body: "<down>"},
		{name: "too large", status: 200, mediaType: "application/json", body: strings.Repeat(" ", maxMCPBody+1), want: 500},
		{name: "listen to text", method: "GET", status: 200, mediaType: "text/plain", body: "x", want: 500},
		{name: "well-known text", method: "GET", path: "/.well-known/x", status: 200, mediaType: "text/plain", body: "x"},
		{name: "delete", method: "DELETE", status: 200, mediaType: "text/plain", body: "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				if tt.mediaType != "" {
					w.Header().Set("Content-Type", tt.mediaType)
				}
				w.Header().Set("Mcp-Session-Id", "s-1")
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
			c.SetErrorOrigin(true)
			resp := do(t, appClient(t, c, "tools"), c, firstOf(tt.method, "POST"), firstOf(tt.path, "/"), `{"id":1,"method":"ping"}`)
			if tt.want != 0 {
				wantAnswer(t, resp, tt.want, plainText, "Internal Server Error")
				return
			}
			wantAnswer(t, resp, tt.status, tt.mediaType, tt.body)
			if got := resp.Header.Get("Mcp-Session-Id"); got != "s-1" {
				t.Errorf("Mcp-Session-Id = %q", got)
			}
			if got := resp.Header.Get("X-Teleport-Mcp-Error-Origin"); (got == "upstream") != (tt.status == 503) {
				t.Errorf("origin = %q", got)
			}
		})
	}
}

// TestDeniedTool checks the answer to a tools/call that no role allows, and
// that the id comes back byte for byte.
func TestDeniedTool(t *testing.T) {
	up := upstream(t, mcpEcho)
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL + "/mcp"})
	client := appClient(t, c, "tools")
	for _, id := range []string{`0`, `1.50`, `-1e3`, `9007199254740993`, `"a<b>\u0061 \/"`, `"ü"`} {
		body := `{"method":"tools/call","params":{"name":"delete_all","arguments":{}},"jsonrpc":"2.0","id": ` + id + ` }`
		resp := do(t, client, c, "POST", "/", body)
		got := readAll(t, resp)
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json" || !strings.Contains(got, `"id":`+id+`,`) {
			t.Errorf("id %s: %d %s", id, resp.StatusCode, got)
		}
		var msg struct {
			JSONRPC string
			Error   struct {
				Code    int
				Message string
				Data    json.RawMessage
			}
		}
		if err := json.Unmarshal([]byte(got), &msg); err != nil {
			t.Fatal(err)
		}
		const message = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."
		if msg.JSONRPC != "2.0" || msg.Error.Code != -32602 || msg.Error.Message != message || len(msg.Error.Data) == 0 {
			t.Errorf("error = %+v", msg)
		}
	}
	for _, tt := range []struct {
		tool    string
		allowed bool
	}{
		{"echo", true}, {"query_loki", true}, {"list_things", true}, {"query_secret", false}, {"Echo", false}, {"", false}, {"xlist_y", false},
	} {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tt.tool + `"}}`
		got := readAll(t, do(t, client, c, "POST", "/", body))
		if allowed := got == "POST /mcp "+body; allowed != tt.allowed {
			t.Errorf("tool %q: %s", tt.tool, got)
		}
	}
	// A notification asks for no answer and gets none from the proxy either.
	body := `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_all"}}`
	wantAnswer(t, do(t, client, c, "POST", "/", body), 200, "application/json", "POST /mcp "+body)
}

// listed is a tools/list result whose bytes a decoder would not give back.
const listed = `{ "jsonrpc":"2.0", "result" : { "tools" : [ {"name":"echo","x":1.0} , {"name":"delete_all"},
 {"name":"query_a","d":"\u003c</\/"},{"Name":"echo"},{"name":"query_secret"} ], "nextCursor":"n","tools2":[] } , "id":ID }`

// filtered is listed as alice may see it.
const filtered = `{ "jsonrpc":"2.0", "result" : { "tools" : [{"name":"echo","x":1.0},{"name":"query_a","d":"\u003c</\/"}], "nextCursor":"n","tools2":[] } , "id":ID }`

func withID(text, id string) string { return strings.Replace(text, "ID", id, 1) }

func TestFilteredListJSON(t *testing.T) {
	for _, tt := range []struct {
		name, method, answer, want string
		status                     int
	}{
		{"list", "tools/list", withID(listed, "7"), withID(filtered, "7"), 200},
		{"other method", "tools/list_all", withID(listed, "7"), withID(listed, "7"), 200},
		{"nothing to take out", "tools/list", withID(filtered, "7"), withID(filtered, "7"), 200},
		{"error", "tools/list", `{"id":7,"error":{"code":1}}`, `{"id":7,"error":{"code":1}}`, 200},
		{"empty", "tools/list", `{"id":7,"result":{"tools":[]}}`, `{"id":7,"result":{"tools":[]}}`, 200},
		{"null", "tools/list", `{"id":7,"result":{"tools":null}}`, `{"id":7,"result":{"tools":null}}`, 200},
		{"none left", "tools/list", `{"id":7,"result":{"tools":[1, {}, {"name":3}]}}`, `{"id":7,"result":{"tools":[]}}`, 200},
		{"broken", "tools/list", `{"id":7,"result":{"tools":[`, "Internal Server Error", 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, tt.answer)
			})
			c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
			resp := do(t, appClient(t, c, "tools"), c, "POST", "/", `{"jsonrpc":"2.0","id":7,"method":"`+tt.method+`"}`)
			if got := readAll(t, resp); resp.StatusCode != tt.status || got != tt.want {
				t.Errorf("answer = %d %s\nwant %d %s", resp.StatusCode, got, tt.status, tt.want)
			}
		})
	}
}

// TestToolsOfOtherRoles shows that tools count only from roles that allow the
// app.
func TestToolsOfOtherRoles(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, withID(listed, "1"))
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
	id := appIdentity(c, "alice", "tools", time.Hour)
	id.Roles = []string{"dev", "none"} // "none" allows every tool, of other apps
	got := readAll(t, do(t, clientOf(t, c, id), c, "POST", "/", `{"id":1,"method":"tools/list"}`))
	if got != withID(filtered, "1") {
		t.Errorf("answer = %s", got)
	}
}
