// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge"
)

// What a new session fails with is told like what a request fails with.
func TestReopened(t *testing.T) {
	refusal := &bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 502, Method: "initialize", Asked: "POST /", Executed: bridge.MayHaveRun}
	lost := &bridge.Error{Kind: "session_lost", Executed: bridge.NotExecuted, Note: "it could not be reopened", Err: refusal}
	got := Explain(func(err error) (string, []string, int) { return err.Error(), nil, 1 }).describe("grafana-mcp", lost)
	want := "tshmcp: the MCP session was lost; it could not be reopened: the MCP server grafana-mcp did not serve initialize (POST /): " +
		"HTTP 502 Bad Gateway; ask your administrator whether it is up"
	if got.Message != want {
		t.Errorf("%q\nwant %q", got.Message, want)
	}
	refusal.HTTPStatus = 400
	if got := Explain(func(err error) (string, []string, int) { return err.Error(), nil, 1 }).describe("grafana-mcp", lost); got.Message != "" {
		t.Errorf("%q", got.Message)
	}
}

func TestAnswered(t *testing.T) {
	for name, tt := range map[string]struct {
		err  bridge.Error
		want string
	}{
		"502": {
			bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 502, Method: "tools/call", Asked: "POST /", Executed: bridge.MayHaveRun},
			"the MCP server grafana-mcp did not serve tools/call (POST /): HTTP 502 Bad Gateway; ask your administrator whether it is up; the request may have been executed",
		},
		"404": {
			bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 404, Method: "initialize", Asked: "POST /mcp", Executed: bridge.NotExecuted},
			"the MCP server grafana-mcp did not serve initialize (POST /mcp): HTTP 404 Not Found; ask your administrator whether it is up, and at which path it serves MCP",
		},
		"503 with a time": {
			bridge.Error{Kind: "throttled", HTTPStatus: 503, Method: "tools/list", Asked: "POST /", RetryAfter: "60", Executed: bridge.NotExecuted},
			"the MCP server grafana-mcp did not serve tools/list (POST /): HTTP 503 Service Unavailable; ask your administrator whether it is up",
		},
		"an unknown status": {
			bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 599, Method: "tools/list", Asked: "POST /", Executed: bridge.NotExecuted},
			"the MCP server grafana-mcp did not serve tools/list (POST /): HTTP 599; ask your administrator whether it is up",
		},
		"a redirect elsewhere": {
			bridge.Error{Kind: bridge.KindRedirect, HTTPStatus: 302, Method: "tools/list", Asked: "POST /", Location: "https://sso.test/?***", Note: "it leads to another server"},
			"the MCP server grafana-mcp answered tools/list (POST /) with a redirect (HTTP 302 Found) to https://sso.test/?***, which is not followed; " +
				"it leads to another server; ask your administrator whether the app has the address of the MCP server",
		},
		"a redirect to a path": {
			bridge.Error{Kind: bridge.KindRedirect, HTTPStatus: 301, Method: "tools/list", Asked: "POST /mcp", Location: "/mcp/", Note: "why"},
			"the MCP server grafana-mcp answered tools/list (POST /mcp) with a redirect (HTTP 301 Moved Permanently) to /mcp/, which is not followed; " +
				"why; ask your administrator at which path it serves MCP; --path=PATH takes that of an ordinary HTTP app",
		},
		"a redirect to nowhere": {
			bridge.Error{Kind: bridge.KindRedirect, HTTPStatus: 307, Asked: "POST /mcp", Note: "it does not say where to"},
			"the MCP server grafana-mcp answered POST /mcp with a redirect (HTTP 307 Temporary Redirect), which is not followed; it does not say where to; " +
				"ask your administrator whether the app has the address of the MCP server",
		},
		"400":               {bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 400, Method: "tools/list"}, ""},
		"429":               {bridge.Error{Kind: "throttled", HTTPStatus: 429, RetryAfter: "1"}, ""},
		"of Teleport's own": {bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 502, Err: errors.New("x")}, ""},
		"a broken stream":   {bridge.Error{Kind: "stream_lost", HTTPStatus: 200}, ""},
		"no answer":         {bridge.Error{Kind: bridge.KindUnreachable}, ""},
	} {
		if got := answered("grafana-mcp", &tt.err); got != tt.want {
			t.Errorf("%s: %q\nwant %q", name, got, tt.want)
		}
	}
}
