// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net/http"
	"slices"
	"testing"
)

// TestRequestHeaders holds what protocol.md 8.1, 10, 14 say about the
// headers that an app sees.
func TestRequestHeaders(t *testing.T) {
	var seen *http.Request
	up := upstream(t, func(_ http.ResponseWriter, r *http.Request) { seen = r.Clone(r.Context()) })
	rewrite := []Header{
		{"X-Grafana-API-Key", "{{internal.jwt}}"},
		{"Authorization", "Bearer {{internal.jwt}}"},
		{"x-logins", "{{internal.logins}}"},
		{"X-Team", "team-{{external.team}}!"},
		{"X-Quoted", `{{external["team"]}}`},
		{"X-Literal", "as it is"},
		{"X-Literal", "twice"},
		{"X-None", "{{external.nothing}}"},
		{"X-Empty", "{{external.empty}}"},
		{"X-Wrong", "{{other.team}}"},
		{"X-Broken", "{{external.team"},
		{"X-Stolen", "{{external.jwt}}"},
		{"Teleport-Jwt-Assertion", "mine"},
		{"x-forwarded-for", "1.2.3.4"},
		{"X-Forwarded-Anything", "1"},
		{"X-Real-Ip", "1.2.3.4"},
		{"X-Teleport-Api-Error", "1"},
		{"X-Teleport-Aws-Role", "1"},
	}
	c := startApps(t, App{Name: "web", URI: up.URL, Rewrite: rewrite},
		App{Name: "hosted", URI: up.URL, Rewrite: []Header{{"host", "grafana.example.com"}}})
	client := appClient(t, c, "web")
	do(t, client, c, "GET", "/", "", "Host", "app.example.com:8443",
		"Cookie", "a=1; __Host-grv_app_session=s; b=\"q\"; __Host-grv_app_session_subject=t",
		"Teleport-Jwt-Assertion", "forged", "Authorization", "Basic x", "X-None", "client's", "X-Logins", "client's",
		"X-Forwarded-For", "9.9.9.9", "X-Forwarded-Prefix", "/p", "X-Real-Ip", "9.9.9.9", "Forwarded", "for=9.9.9.9",
		"Mcp-Session-Id", "s-1", "Mcp-Protocol-Version", "2025-06-18", "Last-Event-Id", "7",
		"Connection", "X-Hop", "X-Hop", "1", "User-Agent", "test/1")

	token := seen.Header.Get("Teleport-Jwt-Assertion")
	for name, want := range map[string][]string{
		"Teleport-Jwt-Assertion": {token},
		"X-Grafana-Api-Key":      {token},
		"Authorization":          {"Bearer " + token},
		"X-Logins":               {"alice", "root"},
		"X-Team":                 {"team-grafana!"},
		"X-Quoted":               {"grafana"},
		"X-Literal":              {"as it is", "twice"},
		"X-None":                 {"client's"},
		"X-Empty":                nil,
		"X-Wrong":                nil,
		"X-Broken":               nil,
		"X-Stolen":               nil,
		"X-Hop":                  nil,
		"X-Teleport-Api-Error":   nil,
		"X-Teleport-Aws-Role":    nil,
		"Cookie":                 {`a=1; b="q"`},
		"X-Forwarded-For":        {"127.0.0.1"},
		"X-Forwarded-Host":       {"app.example.com:8443"},
		"X-Forwarded-Port":       {"8443"},
		"X-Forwarded-Proto":      {"https"},
		"X-Forwarded-Server":     {"localhost"},
		"X-Forwarded-Ssl":        {"on"},
		"X-Real-Ip":              {"127.0.0.1"},
		"Mcp-Session-Id":         {"s-1"},
		"Mcp-Protocol-Version":   {"2025-06-18"},
		"Last-Event-Id":          {"7"},
		"User-Agent":             {"test/1"},
		"Accept-Encoding":        nil,
	} {
		if got := seen.Header.Values(name); !slices.Equal(got, want) {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if token == "" || token == "forged" {
		t.Errorf("token = %q", token)
	}
	if n := len(headerNames(seen.Header, "X-Forwarded-")); n != 6 {
		t.Errorf("X-Forwarded-*: %v", headerNames(seen.Header, "X-Forwarded-"))
	}
	if want := up.Listener.Addr().String(); seen.Host != want {
		t.Errorf("Host = %q, want %q", seen.Host, want)
	}

	do(t, client, c, "GET", "/", "", "Host", "app.example.com", "Cookie", "__Host-grv_app_session=s")
	if port := seen.Header.Get("X-Forwarded-Port"); port != "443" {
		t.Errorf("X-Forwarded-Port without a port = %q", port)
	}
	if cookie, ok := seen.Header["Cookie"]; ok {
		t.Errorf("Cookie = %q, want none", cookie)
	}
	do(t, appClient(t, c, "hosted"), c, "GET", "/", "")
	if seen.Host != "grafana.example.com" {
		t.Errorf("rewritten Host = %q", seen.Host)
	}
}
