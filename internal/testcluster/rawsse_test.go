// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

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
