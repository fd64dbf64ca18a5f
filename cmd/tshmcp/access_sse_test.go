// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect to SSE apps whose servers are hostile.

package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// hostileSSE is a server, and what becomes of an initialize.
type hostileSSE struct {
	name   string
	server http.Handler
	kind   string // of the error; "": it works
}

func hostileSSEs() []hostileSSE {
	greets := func(format string) http.Handler {
		return &rawtest.SSE{Greeting: func(endpoint string) string { return strings.ReplaceAll(format, "ENDPOINT", endpoint) }}
	}
	endpoint := "event: endpoint\ndata: ENDPOINT\n\n"
	writes := func(format string) http.Handler {
		return &rawtest.SSE{Event: func(m []byte) string { return strings.ReplaceAll(format, "MESSAGE", string(m)) }}
	}
	message := "event: message\ndata: MESSAGE\n\n"
	const gone = "upstream_unreachable"
	all := []hostileSSE{
		{"an endpoint elsewhere", greets("event: endpoint\ndata: http://127.0.0.1:1/x\n\n"), gone},
		{"an endpoint at no host", greets("event: endpoint\ndata: http:///x\n\n"), gone},
		{"an endpoint with a user", withHost(func(host string) http.Handler {
			return greets("event: endpoint\ndata: http://me:hunter2@" + host + "ENDPOINT\n\n")
		}), ""},
		{"an endpoint of FTP", greets("event: endpoint\ndata: ftp://127.0.0.1/x\n\n"), gone},
		{"an endpoint that is a file", greets("event: endpoint\ndata: file:///etc/passwd\n\n"), gone},
		{"an endpoint that is none", greets("event: endpoint\ndata: http://[::1\n\n"), gone},
		{"an endpoint with controls", greets("event: endpoint\ndata: /\x1b[2J\x7f\n\n"), gone},
		{"a huge endpoint", greets("event: endpoint\ndata: ENDPOINT&x=" + strings.Repeat("x", 9<<20) + "\n\n"), gone},
		{"an endless endpoint", greets("event: endpoint\ndata: " + strings.Repeat("x", 11<<20)), gone},
		{"two endpoints", greets(endpoint + "event: endpoint\ndata: http://127.0.0.1:1/x\n\n"), ""},
		{"a message before the endpoint", greets("event: message\ndata: {}\n\n" + endpoint), gone},
		{"an endpoint under another name", greets("event: endpoints\ndata: ENDPOINT\n\n"), gone},
		{"a BOM", greets("\ufeff" + endpoint), gone},
		{"line ends of Windows", greets(strings.ReplaceAll(endpoint, "\n", "\r\n")), ""},
		{"junk events", greets(endpoint + strings.Repeat("event: junk\ndata: {\"a\":1}\n\n", 5000)), ""},
		{"junk that seems to be messages", writes(strings.Repeat("data: nonsense\n\ndata: null\n\ndata: [1]\n\n", 1000) + message), ""},
		{"foreign answers", writes(strings.Repeat(`data: {"jsonrpc":"2.0","id":"other","result":{}}`+"\n\n", 3000) + message), ""},
		{"requests of its own", writes(strings.Repeat(`data: {"jsonrpc":"2.0","id":1,"method":"ping"}`+"\n\n", 3000) + message), ""},
		{"an endless line", writes("event: message\ndata: " + strings.Repeat("x", 11<<20)), gone},
		{"an answer twice", writes(message + message), ""},
		{"an answer in pieces", writes("event: message\nid: 7\nretry: 1\n: and more\ndata: MESSAGE\n\n"), ""},
		{"an event without data", writes("event: message\n\n" + message), gone},
		{"a line without a colon", writes("event: message\ndata\n\n" + message), gone},
		{"the stream in gzip", zipped(&rawtest.SSE{}), ""},
		{"a stream in an unknown coding", withHeader(&rawtest.SSE{}, "Content-Encoding", "br"), ""},
		{"a page", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>\n\n") }), gone},
		{"nothing", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), gone},
		{"a stream that is cut", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "event: endp")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}), gone},
		{"the answer on the POST too", onPost(false, func(w http.ResponseWriter) { fmt.Fprint(w, `{"jsonrpc":"2.0","id":1,"result":{}}`) }), ""},
		{"a long answer to the POST", onPost(false, func(w http.ResponseWriter) { fmt.Fprint(w, strings.Repeat("x", 5<<20)) }), ""},
		{"a POST that is cut", onPost(true, func(http.ResponseWriter) { panic(http.ErrAbortHandler) }), gone},
	}
	for _, status := range []int{204, 301, 302, 304, 307, 400, 401, 404, 500, 503} {
		all = append(all,
			hostileSSE{fmt.Sprint("GET ", status), &rawtest.SSE{Status: status}, gone},
			hostileSSE{fmt.Sprint("POST ", status), onPost(true, func(w http.ResponseWriter) { w.WriteHeader(status) }), gone})
	}
	return all
}

// onPost answers messages so, and handles them unless it refuses them.
func onPost(refuses bool, answer func(http.ResponseWriter)) http.Handler {
	server := &rawtest.SSE{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			server.ServeHTTP(w, r)
			return
		}
		if !refuses {
			server.ServeHTTP(httptest.NewRecorder(), r)
		}
		answer(w)
	})
}

// withHost makes the server when it is known where it is.
func withHost(server func(host string) http.Handler) http.Handler {
	var made atomic.Pointer[http.Handler]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if made.Load() == nil {
			h := server(r.Host)
			made.CompareAndSwap(nil, &h)
		}
		(*made.Load()).ServeHTTP(w, r)
	})
}

func withHeader(server http.Handler, name, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		server.ServeHTTP(w, r)
	})
}

// zippedWriter compresses an answer, piece by piece.
type zippedWriter struct {
	http.ResponseWriter
	zip *gzip.Writer
}

func (w *zippedWriter) Write(b []byte) (int, error) { return w.zip.Write(b) }
func (w *zippedWriter) FlushError() error {
	_ = w.zip.Flush()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func zipped(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			w.Header().Set("Content-Encoding", "gzip")
			w = &zippedWriter{w, gzip.NewWriter(w)}
		}
		server.ServeHTTP(w, r)
	})
}

// TestHostileSSE: each request to a hostile server is answered once, soon and for what
// it is. The bridges run beside one another, since who is refused waits whether the
// server is just starting.
func TestHostileSSE(t *testing.T) {
	t.Parallel()
	all := hostileSSEs()
	cfg := testcluster.Config{Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil))}
	for i, tt := range all {
		server := httptest.NewUnstartedServer(tt.server)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.Start()
		t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
		cfg.Apps = append(cfg.Apps, testcluster.App{
			Name: fmt.Sprint("hostile-", i), URI: "mcp+sse+" + server.URL + "/sse", Labels: map[string]string{"env": "demo"},
		})
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	bridges := make([]*rawBridge, len(all))
	for i := range all {
		home := t.TempDir() // each has its own: half a hundred would wait for one lock
		if err := storeLogin(t.Context(), cluster, home, "alice"); err != nil {
			t.Fatal(err)
		}
		environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TSHMCP_HOME=" + home, "GORACE=" + os.Getenv("GORACE")}
		bridges[i] = startBridgeTo(t, cfg.Apps[i].Name, environ, "--login=never", "--proxy="+cluster.Addr())
		bridges[i].send("initialize", hello)
	}
	for i, tt := range all {
		b, call := bridges[i], `{"name":"echo","arguments":{"text":"said"}}`
		answer := b.initialized()
		if tt.kind == "" {
			wantAnswer(t, tt.name, b.ask("tools/call", call), "said")
		}
		b.in.Close() // it ends beside the others
		if tt.kind == "" {
			wantAnswer(t, tt.name, answer, `"result"`)
			continue
		}
		wantFailure(t, tt.name, answer, tt.kind, "unknown", "closed the connection")
		if len(answer) > 4<<10 || strings.Contains(answer, "hunter2") || strings.Contains(answer, "\x1b") {
			t.Errorf("%s: %d bytes, %.300s", tt.name, len(answer), answer)
		}
	}
}
