// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestStreamsUnderLoad has clients, each with a connection of its own, ask for
// event streams and for something else while they are open. No stream may lose
// its event.
func TestStreamsUnderLoad(t *testing.T) {
	const clients, rounds = 6, 100
	up := upstream(t, streamOrNot)
	for _, scheme := range []string{"", "mcp+"} {
		t.Run(scheme+"http", func(t *testing.T) {
			c := startApps(t, App{Name: "web", URI: scheme + up.URL})
			id := appIdentity(c, "alice", "web", time.Hour)
			var wg sync.WaitGroup
			for range clients {
				wg.Go(func() {
					for range rounds {
						streamAndAsk(t, c, clientOf(t, c, id))
					}
				})
			}
			wg.Wait()
		})
	}
}

// streamOrNot answers a request for a stream with one whose event comes late,
// and any other with JSON.
func streamOrNot(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if !strings.Contains(string(body), "stream") {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"jsonrpc":"2.0","id":2,"result":{}}`)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	http.NewResponseController(w).Flush()
	wait(r.Context(), 5*time.Millisecond) // in which the client asks for something else
	io.WriteString(w, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n")
}

// streamAndAsk asks for a stream, for something else while it is open, and then
// reads the stream to its end.
func streamAndAsk(t *testing.T, c *Cluster, client *http.Client) {
	defer client.CloseIdleConnections()
	post := func(id int, method string) (*http.Response, error) {
		return client.Post(c.URL()+"/", "application/json", strings.NewReader(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"%s"}`, id, method)))
	}
	stream, err := post(1, "stream")
	if err != nil {
		t.Error(err)
		return
	}
	defer stream.Body.Close()
	if other, err := post(2, "other"); err != nil {
		t.Error(err)
	} else {
		io.Copy(io.Discard, other.Body)
		other.Body.Close()
	}
	if body, err := io.ReadAll(stream.Body); err != nil || !strings.Contains(string(body), "result") {
		t.Errorf("stream = %d %q, %v", stream.StatusCode, body, err)
	}
}

// countedEnd counts how often it is asked behind its end.
type countedEnd struct {
	io.ReadCloser
	ended atomic.Bool
	asked *atomic.Int32
}

func (b *countedEnd) Read(p []byte) (int, error) {
	if b.ended.Load() {
		b.asked.Add(1)
	}
	n, err := b.ReadCloser.Read(p)
	b.ended.Store(err == io.EOF)
	return n, err
}

// TestBodyBehindItsEnd shows that nobody asks a client's body behind its end,
// where it may be closed already.
func TestBodyBehindItsEnd(t *testing.T) {
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	c := startApps(t, App{Name: "web", URI: up.URL})
	var asked atomic.Int32
	c.OnAppRequest(func(_ http.ResponseWriter, r *http.Request) bool {
		r.Body = &countedEnd{ReadCloser: r.Body, asked: &asked}
		return false
	})
	if got := readAll(t, do(t, appClient(t, c, "web"), c, "POST", "/", "all of it")); got != "all of it" {
		t.Errorf("body = %q", got)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("asked %d times behind the end", n)
	}
}
