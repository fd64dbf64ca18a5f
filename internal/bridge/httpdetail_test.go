// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// A refusal of the MCP server, or of something before it, is delivered once,
// classed by its status, and says what its sender says.
func TestRefusalSaysItsOwnText(t *testing.T) {
	tests := []struct {
		name     string
		code     int
		media    string
		body     string
		kind     Kind
		executed Execution
		want     string // "" for nothing
	}{
		{"text", 403, "text/plain; charset=utf-8", "your plan has no tools\n", KindForbidden, NotExecuted, "your plan has no tools"},
		{"no type", 403, "", "blocked", KindForbidden, NotExecuted, "blocked"},
		{"JSON", 401, typeJSON, `{"error":"invalid_token","error_description":"expired"}`, kindUnauthorized, NotExecuted, "invalid_token"},
		{"JSON in JSON", 500, typeJSON, `{"error":{"message":"db is down","code":7}}`, KindHTTPStatus, MayHaveRun, "db is down"},
		{"problem", 502, "application/problem+json", `{"title":"x","detail":"no route"}`, KindHTTPStatus, MayHaveRun, "no route"},
		{"JSON without a message", 500, typeJSON, `{"trace":[1,2]}`, KindHTTPStatus, MayHaveRun, ""},
		{"broken JSON", 500, typeJSON, `{"message":"x`, KindHTTPStatus, MayHaveRun, ""},
		{"page", 403, "text/html", "<html><head><title>Web Firewall\n &amp; co</title></head><body>Request ID 7</body></html>", KindForbidden, NotExecuted, "Web Firewall & co"},
		{"page as text", 503, "text/plain", "<!DOCTYPE html><html><body>markup</body></html>", KindHTTPStatus, MayHaveRun, ""},
		{"binary", 500, "application/octet-stream", "\x00\x01", KindHTTPStatus, MayHaveRun, ""},
		{"escapes", 403, "text/plain", "a\x1b[2Jb\u202ec", KindForbidden, NotExecuted, "abc"},
		{"secrets", 403, "text/plain", "no session session-1 for Bearer abcdef123456", KindForbidden, NotExecuted, "no session *** for ***"},
		{"a token", 403, "text/plain", "bad token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.zyxwvu654321 of a", KindForbidden, NotExecuted, "bad token *** of a"},
		{"a hidden token", 403, "text/plain", "bad e\u200byJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.abcdef\x1b[1m123456", KindForbidden, NotExecuted, "bad ***"},
		{"a token that is cut", 500, "text/plain", strings.Repeat("word ", 50) + "eyJhbGciOiJFUzI1NiJ9" + strings.Repeat("zyxwvu654321", 99), KindHTTPStatus, MayHaveRun, strings.Repeat("word ", 50) + "***"},
		{"a header", 401, "text/plain", "Authorization: Bearer zyxwvu6543217 is no Bearer authentication", kindUnauthorized, NotExecuted, "Authorization: Bearer *** is no Bearer authentication"},
		{"an address", 502, typeJSON, `{"message":"GET https://me:zyxwvu654321@x.example/a?key=zyxwvu654321: no route"}`, KindHTTPStatus, MayHaveRun, "GET https://x.example/a?*** no route"},
		{"a member", 500, "text/plain", `api_key=zyxwvu654321, "password": "zyxwvu654321", token: expired`, KindHTTPStatus, MayHaveRun, `api_key=***, "password": "***", token: expired`},
		{"gateway", 504, "text/plain", "net/http: timeout awaiting response headers", KindHTTPStatus, MayHaveRun, "net/http: timeout awaiting response headers"},
		{"empty", 403, "text/plain", "", KindForbidden, NotExecuted, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				w.Header()["Content-Type"] = []string{tt.media}
				w.WriteHeader(tt.code)
				_, _ = w.Write([]byte(tt.body))
			})}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "x"))
				f := r.refused("1", tt.kind, tt.executed)
				switch _, said, ok := strings.Cut(f.Message, `; the server says: `); {
				case ok != (tt.want != ""):
					t.Errorf("message %q", f.Message)
				case ok && said != `"`+tt.want+`"`:
					t.Errorf("said %q, want %q", said, tt.want)
				}
				if f.Data.HTTPStatus != tt.code || s.count(methodCall) != 1 || s.count(methodInitialize) != 1 {
					t.Errorf("%+v; the server saw %v", f.Data, s.methods())
				}
				if log := r.log.String(); strings.Contains(log, "abcdef123456") || strings.Contains(log, "zyxwvu654321") {
					t.Errorf("the log has a secret:\n%s", r.log)
				}
			}, func(c *Config) { c.Header = http.Header{"Authorization": {"Bearer abcdef123456"}} })
		})
	}
}
