// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: an MCP server behind Teleport that is at another path than its app says, or somewhere else.

package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// TestServerIsAtAnotherPath has a server that answers /mcp with a redirect to /mcp/
// by the address that it has behind Teleport, as some frameworks do, as an MCP app
// and as an ordinary one.
func TestServerIsAtAnotherPath(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]bool{"an MCP app": false, "an ordinary app": true} {
		t.Run(name, func(t *testing.T) {
			stub := &stubServer{}
			var redirects atomic.Int64
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/mcp" {
					redirects.Add(1)
					w.Header().Set("Location", "http://"+r.Host+"/mcp/")
					w.WriteHeader(http.StatusTemporaryRedirect)
					return
				}
				stub.ServeHTTP(w, r)
			}))
			defer srv.Close()
			stub.addr = srv.Listener.Addr().String()
			_, environ, _ := startStubCluster(t, stub, plain)
			args := []string{"--login=never"}
			if plain {
				args = append(args, "--path=/mcp")
			}
			b := startBridge(t, environ, args...)
			wantAnswer(t, "initialize", b.initialize(), `"result"`)
			wantAnswer(t, "a call", b.getNote(), theNote)
			wantAnswer(t, "another call", b.getNote(), theNote)
			if calls, n := stub.calls.Load(), redirects.Load(); calls != 2 || n != 1 {
				t.Errorf("%d calls, %d redirects", calls, n)
			}
			stub.says(deniedAs(302, map[string]string{"Location": "https://sso.test/login?state=s3cret"}, ""))
			wantFailure(t, "elsewhere", b.getNote(), "redirect", "no",
				"the MCP server notes answered tools/call (POST /mcp/) with a redirect (HTTP 302 Found) to https://sso.test/login?***, which is not followed")
			stub.says(deniedAs(503, map[string]string{"X-Powered-By": "stub"}, ""))
			wantFailure(t, "busy", b.getNote(), "http_status", "unknown",
				"the MCP server notes did not serve tools/call (POST /mcp/): HTTP 503 Service Unavailable; ask your administrator whether it is up")
		})
	}
}
