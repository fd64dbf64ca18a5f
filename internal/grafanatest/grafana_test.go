// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, cfg Config) *Grafana {
	t.Helper()
	g, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

func get(t *testing.T, url, authorization string) (int, any) {
	t.Helper()
	return send(t, http.MethodGet, url, authorization, "")
}

// send makes a request with this Authorization header and decodes the answer.
func send(t *testing.T, method, url, authorization, content string) (int, any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body any
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return resp.StatusCode, body
}

// TestTokens asks for the own user with all kinds of tokens.
func TestTokens(t *testing.T) {
	trusted, other := newAuthority(t), newAuthority(t)
	g := start(t, Config{JWKSURL: trusted.url(), RootCAs: trusted.roots(), Issuer: issuer})
	now := time.Now()
	tests := map[string]struct {
		header    string
		status    int
		messageID string
	}{
		"none":         {"", 401, "auth.unauthorized"},
		"other scheme": {"Basic YTpi", 401, "auth.unauthorized"},
		"empty":        {"Bearer ", 401, "auth.unauthorized"},
		"not a JWT":    {"Bearer glsa_abc", 401, "api-key.invalid"},
		"holds":        {bearer(t, trusted, "k1", claims("alice")), 200, ""},
		"without kid":  {bearer(t, trusted, "", claims("alice")), 200, ""},
		"unknown kid":  {bearer(t, trusted, "k2", claims("alice")), 401, "jwt.invalid"},
		"wrong key":    {bearer(t, other, "k1", claims("alice")), 401, "jwt.invalid"},
		"wrong issuer": {bearer(t, trusted, "k1", with(claims("alice"), "iss", "other-cluster")), 401, "jwt.invalid"},
		"no issuer":    {bearer(t, trusted, "k1", with(claims("alice"), "iss", nil)), 401, "jwt.invalid"},
		"no subject":   {bearer(t, trusted, "k1", with(claims("alice"), "sub", nil)), 401, "api-key.invalid"},
		"expired":      {bearer(t, trusted, "k1", with(claims("alice"), "exp", now.Add(-2*time.Second).Unix())), 401, "jwt.invalid"},
		"no expiry":    {bearer(t, trusted, "k1", with(claims("alice"), "exp", nil)), 401, "jwt.invalid"},
		"not yet":      {bearer(t, trusted, "k1", with(claims("alice"), "nbf", now.Add(time.Minute).Unix())), 401, "jwt.invalid"},
		"tampered":     {tampered(t, trusted), 401, "jwt.invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := get(t, g.URL()+"/api/user", tt.header)
			answer := body.(map[string]any)
			if status != tt.status {
				t.Fatalf("status %d, want %d: %v", status, tt.status, answer)
			}
			if status == http.StatusOK && answer["login"] != "alice" {
				t.Errorf("signed in as %v, want alice", answer["login"])
			}
			if id, _ := answer["messageId"].(string); id != tt.messageID {
				t.Errorf("messageId %q, want %q", id, tt.messageID)
			}
		})
	}
	if n := trusted.fetched.Load(); n != 1 {
		t.Errorf("the key set was fetched %d times, want once", n)
	}
}

func bearer(t *testing.T, a *authority, kid string, claims map[string]any) string {
	return "Bearer " + sign(t, a.key, kid, claims)
}

// tampered is a token for alice whose claims name another user.
func tampered(t *testing.T, a *authority) string {
	parts := strings.Split(a.token(t, "alice"), ".")
	foreign := strings.Split(a.token(t, "mallory"), ".")
	parts[1] = foreign[1]
	return "Bearer " + strings.Join(parts, ".")
}

// TestUntrusted has no key set that could be used.
func TestUntrusted(t *testing.T) {
	a := newAuthority(t)
	for name, cfg := range map[string]Config{
		"none configured": {},
		"not https":       {JWKSURL: strings.Replace(a.url(), "https", "http", 1)},
		"unknown CA":      {JWKSURL: a.url()},
	} {
		t.Run(name, func(t *testing.T) {
			g := start(t, cfg)
			status, _ := get(t, g.URL()+"/api/user", "Bearer "+a.token(t, "alice"))
			if status != http.StatusUnauthorized {
				t.Fatalf("status %d, want 401", status)
			}
			g.Trust(a.url(), a.roots())
			status, _ = get(t, g.URL()+"/api/user", "Bearer "+a.token(t, "alice"))
			if status != http.StatusOK {
				t.Errorf("status %d once the cluster is trusted, want 200", status)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	a := newAuthority(t)
	admins := func(roles []string) string {
		if len(roles) > 1 {
			return Admin
		}
		return "Nobody"
	}
	tests := map[string]struct {
		role  func([]string) string
		roles []string
		want  string
	}{
		"none":                 {nil, nil, Viewer},
		"another":              {nil, []string{"access"}, Viewer},
		"editor among others":  {nil, []string{"access", "editor"}, Editor},
		"own mapping":          {admins, []string{"a", "b"}, Admin},
		"own mapping, unknown": {admins, nil, "Nobody"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := start(t, Config{JWKSURL: a.url(), RootCAs: a.roots(), Role: tt.role})
			_, body := get(t, g.URL()+"/api/user/orgs", "Bearer "+a.token(t, "alice", tt.roles...))
			if role := body.([]any)[0].(map[string]any)["role"]; role != tt.want {
				t.Errorf("role %v, want %s", role, tt.want)
			}
		})
	}
}

func TestRecords(t *testing.T) {
	a := newAuthority(t)
	g := start(t, Config{JWKSURL: a.url(), RootCAs: a.roots()})
	get(t, g.URL()+"/api/health", "")
	get(t, g.URL()+"/api/search?query=x", "Bearer "+a.token(t, "alice"))
	get(t, g.URL()+"/api/datasources", "Bearer "+a.token(t, "bob", "editor"))
	get(t, g.URL()+"/api/nowhere", "Bearer "+a.token(t, "bob", "editor"))
	get(t, g.URL()+"/api/user", "")
	want := []Request{
		{"GET", "/api/search", "alice", Viewer, 200},
		{"GET", "/api/datasources", "bob", Editor, 403},
		{"GET", "/api/nowhere", "bob", Editor, 404},
		{"GET", "/api/user", "", "", 401},
	}
	if got := g.Requests(); !reflect.DeepEqual(got, want) {
		t.Errorf("recorded\n%v\nwant\n%v", got, want)
	}
}

func TestLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:0", "localhost:0", "127.0.0.1"} {
		if g, err := Start(Config{Listen: addr}); err == nil {
			g.Close()
			t.Errorf("%s was accepted", addr)
		}
	}
	start(t, Config{Listen: "127.0.0.1:0"})
}

// cacheDir is where a built Grafana MCP server is kept between runs.
func cacheDir(t *testing.T) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		return t.TempDir()
	}
	return dir + "/tshmcp-test"
}
