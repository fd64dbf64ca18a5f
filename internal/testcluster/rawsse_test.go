// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/tshmcp/tshmcp/internal/rawtest"
)

// TestSSELimits is the longest line of an event stream, by release: beyond it the
// connection ends (protocol.md 13.3).
func TestSSELimits(t *testing.T) {
	for version, longest := range map[string]int{"18.3.0": 64 << 10, NewestVersion: 10 << 20} {
		c := startReach(t, func(cfg *Config) { cfg.Version = version })
		allowAll(c)
		for _, over := range []bool{false, true} {
			bytes := longest - 200
			if over {
				bytes = longest
			}
			client := dialRaw(t, c, reachIdentity(c, "demo-cluster", "sse"))
			client.open(t, "rawdemo")
			client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"big","arguments":{"bytes":`+string(mustJSON(bytes))+`}}}`)
			if over {
				client.wantEnd(t)
			} else if got := len(client.line(t)); got < bytes {
				t.Errorf("%s: a line of %d bytes, want %d", version, got, bytes)
			}
		}
	}
}

// TestSSEEndpoint is the first event of a stream: without an endpoint there is no
// server.
func TestSSEEndpoint(t *testing.T) {
	for text, want := range map[string]string{
		"event: endpoint\ndata: /x?y=1\n\n":                      "/x?y=1",
		": hello\n\n\nevent: endpoint\r\ndata:http://a/\r\n\r\n": "http://a/",
		"event: message\ndata: /x\n\n":                           "",
		"data: /x\n\n":                                           "",
		"event: endpoint\n\n":                                    "",
		"event: endpoint\ndata:\n\n":                             "",
		"event: endpoint\ndata: /x\n":                            "",
		"<html>\n\n":                                             "",
		"":                                                       "",
	} {
		events := &rawEvents{lines: bufio.NewReader(strings.NewReader(text))}
		if got, err := events.endpoint(); got != want && err == nil || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}

// TestSSEHeaders holds what the newest sends to an SSE server with each request: the
// user's token and the headers of rewrites. The token is another once it has ended, and
// nothing of the client passes; older releases send neither (protocol.md 13.5).
func TestSSEHeaders(t *testing.T) {
	rewrite := []Header{
		{"Authorization", "Bearer {{internal.jwt}}"}, {"x-logins", "{{internal.logins}}"}, {"X-None", "{{external.nothing}}"},
		{"X-Forwarded-For", "1.2.3.4"}, {"Teleport-Jwt-Assertion", "mine"}, {"Host", "sse.example.com"},
	}
	for version, sent := range map[string]bool{"18.3.0": false, "18.8.0": false, NewestVersion: true} {
		server := &rawtest.SSE{}
		requests := make(chan *http.Request, 10)
		up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
			requests <- r.Clone(context.Background())
			server.ServeHTTP(w, r)
		})
		app := App{Name: "sse", URI: "mcp+sse+" + up.URL, Rewrite: rewrite, Labels: map[string]string{"env": "dev"}}
		c := startReach(t, func(cfg *Config) {
			cfg.Version, cfg.Users, cfg.Roles, cfg.Apps = version, appUsers, appRoles, []App{app}
			cfg.AppTimes.MCPToken = time.Nanosecond // each has ended at the next request
		})
		client := dialRaw(t, c, appIdentity(c, "alice", "sse", time.Hour))
		client.open(t, "ssedemo")
		client.wantOpen(t)
		tokens := map[string]bool{}
		for range 4 { // GET, and a POST for each of the three messages
			r := <-requests
			token := r.Header.Get(jwtHeader)
			tokens[token] = true
			want := http.Header{}
			if sent {
				want = http.Header{jwtHeader: {token}, "Authorization": {"Bearer " + token}, "X-Logins": {"alice", "root"}}
			}
			for _, name := range []string{jwtHeader, "Authorization", "X-Logins", "X-None", "X-Forwarded-For", "Mcp-Session-Id", "Mcp-Protocol-Version"} {
				if got := r.Header.Values(name); !slices.Equal(got, want.Values(name)) {
					t.Errorf("%s: %s: %s = %q, want %q", version, r.Method, name, got, want.Values(name))
				}
			}
			if (r.Host == "sse.example.com") != sent {
				t.Errorf("%s: %s: Host = %q", version, r.Method, r.Host)
			}
		}
		if n := len(tokens); sent && (n != 4 || tokens[""]) || !sent && !tokens[""] {
			t.Errorf("%s: %d tokens", version, n)
		}
	}
}

// TestSSEToken is the token of an SSE server: its audience is the app's URI as it is, it
// lives for ten minutes, and a connection keeps it as long.
func TestSSEToken(t *testing.T) {
	server := &rawtest.SSE{}
	tokens := make(chan string, 10)
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		tokens <- r.Header.Get(jwtHeader)
		server.ServeHTTP(w, r)
	})
	c := startApps(t, App{Name: "sse", URI: "mcp+sse+" + up.URL})
	client := dialRaw(t, c, appIdentity(c, "alice", "sse", time.Hour))
	client.open(t, "ssedemo")
	client.wantOpen(t)
	first := <-tokens
	for range 3 {
		if got := <-tokens; got != first {
			t.Errorf("another token %s, was %s", got, first)
		}
	}
	token, err := jwt.ParseSigned(first, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(fetchJWKS(t, c), &set); err != nil {
		t.Fatal(err)
	}
	var claims jwtClaims
	if err := token.Claims(set.Keys[0].Key, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Audience != "mcp+sse+"+up.URL || claims.Username != "alice" || claims.Expires-claims.IssuedAt != 600 {
		t.Errorf("claims %+v", claims)
	}
}

// TestSSEOneStreamEach holds that each connection has a stream of its own, which
// ends with it.
func TestSSEOneStreamEach(t *testing.T) {
	server := &rawtest.SSE{}
	left := make(chan struct{}, 2)
	c := startApps(t, App{Name: "sse", URI: "mcp+sse+" + upstream(t, watchGET(server, left)).URL})
	id := appIdentity(c, "alice", "sse", time.Hour)
	one, two := dialRaw(t, c, id), dialRaw(t, c, id)
	one.open(t, "ssedemo")
	two.open(t, "ssedemo")
	one.Close()
	select {
	case <-left:
	case <-time.After(limit):
		t.Fatal("the stream goes on without its client")
	}
	two.wantOpen(t)
}

// watchGET tells when an event stream has ended.
func watchGET(server http.Handler, left chan<- struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r)
		if r.Method == http.MethodGet {
			left <- struct{}{}
		}
	}
}
