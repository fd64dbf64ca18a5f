// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: event streams on their way through an app.

package testcluster

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// gate is an app that sends one event, waits to be let go on, and sends
// another.
type gate struct {
	open chan struct{}
	gone chan error // why the request of the app ended, if it was not let go on
}

// Events as they pass through a web app and an MCP app alike.
const (
	firstEvent = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/first\"}\n\n"
	lastEvent  = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/last\"}\n\n"
)

func newGate() *gate { return &gate{open: make(chan struct{}), gone: make(chan error, 1)} }

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	io.WriteString(w, firstEvent)
	http.NewResponseController(w).Flush()
	select {
	case <-g.open:
		io.WriteString(w, lastEvent)
	case <-r.Context().Done():
		g.gone <- context.Cause(r.Context())
	}
}

// streamApps starts a cluster with a gate as a web app and as an MCP app.
func streamApps(t *testing.T) (*Cluster, *gate) {
	t.Helper()
	g := newGate()
	up := upstream(t, g.ServeHTTP)
	return startApps(t, App{Name: "web", URI: up.URL}, App{Name: "tools", URI: "mcp+" + up.URL + "/mcp"}), g
}

// openStream asks for a stream and reads its first event.
func openStream(t *testing.T, c *Cluster, client *http.Client, method, body string) *http.Response {
	t.Helper()
	resp := do(t, client, c, method, "/", body)
	event := make([]byte, len(firstEvent))
	if _, err := io.ReadFull(resp.Body, event); err != nil || string(event) != firstEvent {
		t.Fatalf("first event = %q, %v", event, err)
	}
	return resp
}

// TestStreaming shows that an event arrives before the app has finished, in
// every way a stream can take.
func TestStreaming(t *testing.T) {
	for _, tt := range []struct{ name, app, method, body string }{
		{"web app", "web", "GET", ""},
		{"MCP listen", "tools", "GET", ""},
		{"MCP call", "tools", "POST", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}`},
		{"MCP list", "tools", "POST", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, g := streamApps(t)
			resp := openStream(t, c, appClient(t, c, tt.app), tt.method, tt.body)
			close(g.open)
			if rest := readAll(t, resp); rest != lastEvent {
				t.Errorf("rest = %q", rest)
			}
		})
	}
}

func TestClientLeavesStream(t *testing.T) {
	c, g := streamApps(t)
	resp := openStream(t, c, appClient(t, c, "tools"), "GET", "")
	resp.Body.Close()
	awaitGone(t, g)
}

// awaitGone waits until the app sees its request end.
func awaitGone(t *testing.T, g *gate) {
	t.Helper()
	select {
	case <-g.gone:
	case <-time.After(limit):
		t.Fatal("the app's request does not end")
	}
}

// TestStreamEnds holds protocol.md 8.6: what ends a stream, and what the
// client sees of it.
func TestStreamEnds(t *testing.T) {
	t.Parallel() // it waits
	for _, tt := range []struct {
		name    string
		ttl     time.Duration
		before  func(c *Cluster)
		during  func(c *Cluster)
		unclean bool
	}{
		{name: "client_idle_timeout", before: func(c *Cluster) { c.SetStreamIdleTimeout(time.Second) }},
		{name: "disconnect_expired_cert", ttl: 2 * time.Second, before: func(c *Cluster) { c.SetEndStreamsAtExpiry(true) }},
		{name: "EndStreams", during: func(c *Cluster) { c.EndStreams() }},
		{name: "DropConnections", during: func(c *Cluster) { c.DropConnections() }, unclean: true},
	} {
		for _, app := range []string{"web", "tools"} {
			t.Run(tt.name+" "+app, func(t *testing.T) {
				t.Parallel()
				c, g := streamApps(t)
				if tt.before != nil {
					tt.before(c)
				}
				ttl := max(tt.ttl, time.Hour)
				if tt.ttl != 0 {
					ttl = tt.ttl
				}
				resp := openStream(t, c, clientOf(t, c, appIdentity(c, "alice", app, ttl)), "GET", "")
				if tt.during != nil {
					tt.during(c)
				}
				rest, err := io.ReadAll(resp.Body)
				if len(rest) != 0 || tt.unclean != (err != nil) {
					t.Errorf("stream ended with %q, %v", rest, err)
				}
				awaitGone(t, g)
			})
		}
	}
}

// TestStreamOutlivesItsCertificate holds the default of protocol.md 8.6
// and that a deleted session does not end streams.
func TestStreamOutlivesItsCertificate(t *testing.T) {
	t.Parallel() // it waits
	c, g := streamApps(t)
	client := clientOf(t, c, appIdentity(c, "alice", "web", 2*time.Second))
	resp := openStream(t, c, client, "GET", "")
	c.KillAllSessions()
	for expired := false; !expired; { // a new connection tells when the time has come
		req, _ := http.NewRequestWithContext(t.Context(), "GET", c.URL(), nil)
		req.Close = true
		other, err := client.Do(req)
		if err == nil {
			other.Body.Close()
		}
		expired = err != nil
		wait(t.Context(), 10*time.Millisecond)
	}
	close(g.open)
	if rest := readAll(t, resp); rest != lastEvent {
		t.Errorf("rest = %q", rest)
	}
}

// TestIdleTimeoutCountsTheClient shows that bytes of the client put the end
// off: an upload longer than the timeout passes.
func TestIdleTimeoutCountsTheClient(t *testing.T) {
	t.Parallel()                 // it waits
	const idle = 2 * time.Second // in which a busy machine gets to the first byte
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	c := startApps(t, App{Name: "web", URI: up.URL})
	c.SetStreamIdleTimeout(idle)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	body, writer := io.Pipe()
	req, _ := http.NewRequestWithContext(ctx, "POST", c.URL(), body)
	began := time.Now()
	go func() {
		for time.Since(began) < 2*idle {
			io.WriteString(writer, ".")
			wait(ctx, idle/20)
		}
		writer.Close()
	}()
	resp, err := appClient(t, c, "web").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := readAll(t, resp); resp.StatusCode != 200 || len(got) < 2 || time.Since(began) < 2*idle {
		t.Errorf("answer = %d %q after %v", resp.StatusCode, got, time.Since(began))
	}
}

// TestAppBreaksOff shows that an app that dies in mid-stream looks like the end
// of the stream.
func TestAppBreaksOff(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, firstEvent)
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
	resp := openStream(t, c, appClient(t, c, "tools"), "GET", "")
	if rest := readAll(t, resp); rest != "" {
		t.Errorf("rest = %q", rest)
	}
}

func TestLatency(t *testing.T) {
	c := startApps(t, App{Name: "web", URI: upstream(t, hello).URL})
	const latency = 50 * time.Millisecond
	c.SetLatency(latency)
	client := appClient(t, c, "web")
	began := time.Now()
	wantAnswer(t, do(t, client, c, "GET", "/", ""), 200, plainText, "hello")
	if took := time.Since(began); took < latency {
		t.Errorf("answered after %v", took)
	}
	c.SetLatency(time.Hour)
	ended := make(chan int, 1)
	go func() {
		resp, err := client.Get(c.URL() + "/ended")
		if err != nil {
			t.Error(err)
			ended <- 0
			return
		}
		resp.Body.Close()
		ended <- resp.StatusCode
	}()
	awaitRequest(t, c, func(r RequestRecord) bool { return r.Path == "/ended" })
	c.EndStreams()
	if status := <-ended; status != 502 {
		t.Errorf("request ended while it waited: %d", status)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		req, _ := http.NewRequestWithContext(ctx, "GET", c.URL()+"/late", nil)
		_, err := client.Do(req)
		done <- err
	}()
	awaitRequest(t, c, func(r RequestRecord) bool { return r.Path == "/late" })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("abandoned request: %v", err)
	}
}

func awaitRequest(t *testing.T, c *Cluster, match func(RequestRecord) bool) RequestRecord {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	rec, err := c.AwaitRequest(ctx, match)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func TestRequestLog(t *testing.T) {
	c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
	}).URL + "/mcp"})
	c.OnAppRequest(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/hooked" {
			http.Error(w, "hooked", http.StatusTeapot)
			return true
		}
		return false
	})
	client := appClient(t, c, "tools")
	do(t, client, c, "POST", "/?q=1", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, "Mcp-Session-Id", "s-9")
	wantAnswer(t, do(t, client, c, "GET", "/hooked", ""), http.StatusTeapot, plainText, "hooked\n")
	got := c.Requests()
	if len(got) != 2 {
		t.Fatalf("%d records", len(got))
	}
	first := got[0]
	if first.Header.Get("Mcp-Session-Id") != "s-9" {
		t.Errorf("header = %v", first.Header)
	}
	first.Header = nil
	want := RequestRecord{Method: "POST", Path: "/?q=1", User: "alice", App: "tools", MCPMethod: "notifications/initialized", MCPSession: "s-9", Status: 202}
	if !equalRecords(first, want) {
		t.Errorf("record = %+v, want %+v", first, want)
	}
	if rec := got[1]; rec.Status != http.StatusTeapot || rec.Path != "/hooked" {
		t.Errorf("record = %+v", rec)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.AwaitRequest(ctx, func(RequestRecord) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("AwaitRequest: %v", err)
	}
}

func equalRecords(a, b RequestRecord) bool {
	return a.Method == b.Method && a.Path == b.Path && a.User == b.User && a.App == b.App &&
		a.MCPMethod == b.MCPMethod && a.MCPSession == b.MCPSession && a.Status == b.Status
}

func TestRequestLogIsBounded(t *testing.T) {
	var l requestLog
	req, _ := http.NewRequest("GET", "https://localhost/x", strings.NewReader(""))
	for range maxRequestRecords + 5 {
		l.add(req)
	}
	if records, _ := l.snapshot(); len(records) != maxRequestRecords {
		t.Errorf("%d records", len(records))
	}
}

// TestIdleTimeoutIgnoresTheServer shows that events do not put the end off.
func TestIdleTimeoutIgnoresTheServer(t *testing.T) {
	t.Parallel() // it waits
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for wait(r.Context(), 10*time.Millisecond) {
			io.WriteString(w, firstEvent)
			http.NewResponseController(w).Flush()
		}
	})
	c := startApps(t, App{Name: "web", URI: up.URL})
	c.SetStreamIdleTimeout(2 * time.Second) // in which a busy machine gets to the first event
	if got := readAll(t, do(t, appClient(t, c, "web"), c, "GET", "/", "")); !strings.HasPrefix(got, firstEvent) {
		t.Errorf("stream = %.100q", got)
	}
}

// TestClientsShareASession has clients, each with a connection of its own, use one
// app session at once.
func TestClientsShareASession(t *testing.T) {
	const clients, rounds = 6, 5
	for _, scheme := range []string{"", "mcp+"} {
		t.Run(scheme+"http", func(t *testing.T) {
			up := upstream(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
			c := startApps(t, App{Name: "app", URI: scheme + up.URL})
			id := appIdentity(c, "alice", "app", time.Hour)
			var wg sync.WaitGroup
			for range clients {
				client := clientOf(t, c, id)
				wg.Go(func() {
					for range rounds {
						resp, err := client.Post(c.URL(), "application/json", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"ping"}`))
						if err != nil {
							t.Error(err)
							return
						}
						resp.Body.Close()
						if resp.StatusCode != http.StatusAccepted {
							t.Errorf("answer = %d", resp.StatusCode)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}
