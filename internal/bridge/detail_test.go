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
		{"JSON", 401, typeJSON, `{"error":"invalid_token","error_description":"expired"}`, KindUnauthorized, NotExecuted, "invalid_token"},
		{"JSON in JSON", 500, typeJSON, `{"error":{"message":"db is down","code":7}}`, KindHTTPStatus, MayHaveRun, "db is down"},
		{"problem", 502, "application/problem+json", `{"title":"x","detail":"no route"}`, KindHTTPStatus, MayHaveRun, "no route"},
		{"JSON without a message", 500, typeJSON, `{"trace":[1,2]}`, KindHTTPStatus, MayHaveRun, ""},
		{"broken JSON", 500, typeJSON, `{"message":"x`, KindHTTPStatus, MayHaveRun, ""},
		{"page", 403, "text/html", "<html><head><title>Web Firewall\n &amp; co</title></head><body>Request ID 7</body></html>", KindForbidden, NotExecuted, "Web Firewall & co"},
		{"page as text", 503, "text/plain", "<!DOCTYPE html><html><body>markup</body></html>", KindHTTPStatus, MayHaveRun, ""},
		{"binary", 500, "application/octet-stream", "\x00\x01", KindHTTPStatus, MayHaveRun, ""},
		{"escapes", 403, "text/plain", "a\x1b[2Jb\u202ec", KindForbidden, NotExecuted, "abc"},
		{"secrets", 403, "text/plain", "no session session-1 for Bearer abcdef123456", KindForbidden, NotExecuted, "no session *** for ***"},
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
				if strings.Contains(r.log.String(), "abcdef123456") {
					t.Errorf("the log has a secret:\n%s", r.log)
				}
			}, func(c *Config) { c.Header = http.Header{"Authorization": {"Bearer abcdef123456"}} })
		})
	}
}
