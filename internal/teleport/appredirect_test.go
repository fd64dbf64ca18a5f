// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net/url"
	"testing"
)

func TestAppRedirect(t *testing.T) {
	const mcp, web = "mcp+http://10.0.0.5:8000/mcp", "http://web.internal/base"
	for _, tt := range []struct{ uri, asked, location, want string }{
		{mcp, "/", "http://10.0.0.5:8000/mcp/", "/mcp/"},
		{mcp, "/", "https://10.0.0.5:8000/mcp/", "/mcp/"}, // it goes by X-Forwarded-Proto
		{mcp, "/", "/mcp/", "/mcp/"},
		{mcp, "/", "mcp/", "/mcp/"},
		{mcp, "/", "?a=1", "/mcp?a=1"},
		{mcp, "/mcp/", "x", "/mcp/x"},
		{mcp, "/?a=1", "http://10.0.0.5:8000/mcp/?a=1", "/mcp/?a=1"},
		{mcp, "/", "http://10.0.0.5:8001/mcp/", ""},
		{mcp, "/", "http://10.0.0.5/mcp/", ""},
		{mcp, "/", "//10.0.0.6:8000/mcp/", ""},
		{mcp, "/", "http://me@10.0.0.5:8000/mcp/", ""},
		{mcp, "/", "mailto:me@10.0.0.5", ""},
		{web, "/mcp", "http://WEB.internal:80/mcp/", "/mcp/"},
		{web, "/mcp", "/mcp/", "/mcp/"},
		{web, "/a%2Fb/mcp", "mcp/", "/a%2Fb/mcp/"},
		{web, "/mcp", "https://web.internal/mcp/", ""},
		{"", "/", "/mcp/", ""},
		{"mcp+stdio://", "/", "/mcp/", ""},
		{"://", "/", "/mcp/", ""},
	} {
		asked, err := url.Parse("https://localhost" + tt.asked)
		if err != nil {
			t.Fatal(err)
		}
		location, err := url.Parse(tt.location)
		if err != nil {
			t.Fatal(err)
		}
		if got := (App{URI: tt.uri}).Redirect(asked, location); got != tt.want {
			t.Errorf("%s asked for %s is sent to %s: %q, want %q", tt.uri, tt.asked, tt.location, got, tt.want)
		}
	}
}
