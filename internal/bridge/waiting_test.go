// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// asker is a server in memory that notes for which requests the client waits.
type asker struct {
	mu    sync.Mutex
	waits map[string][]bool // by HTTP and JSON-RPC method
	lost  bool              // the session is not known any more
	deaf  chan struct{}     // ends the listening stream
}

func (a *asker) RoundTrip(req *http.Request) (*http.Response, error) {
	what := req.Method
	var m frame.Message
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if m, _ = frame.ParseMessage(body); m.Method != "" {
			what += " " + m.Method
		}
	}
	a.mu.Lock()
	a.waits[what] = append(a.waits[what], ClientWaits(req.Context()))
	lost, deaf := a.lost, a.deaf
	a.lost = a.lost && m.Method != methodInitialize
	a.mu.Unlock()
	answer := func(status int, kind string, body io.Reader) (*http.Response, error) {
		h := http.Header{"Content-Type": {kind}, "Mcp-Session-Id": {"s"}}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(body), ContentLength: -1, Request: req}, nil
	}
	switch {
	case lost && m.Method != methodInitialize:
		return answer(404, "text/plain", strings.NewReader("session not found"))
	case req.Method == http.MethodGet:
		r, w := io.Pipe()
		go func() {
			select {
			case <-deaf:
			case <-req.Context().Done():
			}
			w.Close()
		}()
		return answer(200, typeStream, r)
	case m.Kind != frame.Request:
		return answer(202, "", strings.NewReader(""))
	case m.Method == methodInitialize:
		return answer(200, typeJSON, strings.NewReader(fmt.Sprintf(
			`{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"a","version":"1"}}}`, m.ID)))
	}
	return answer(200, typeJSON, strings.NewReader(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID)))
}

func (a *asker) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

// TestClientWaits is for which requests at the transport the client waits.
func TestClientWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &asker{waits: map[string][]bool{}, deaf: make(chan struct{})}
		r := startRig(t, a, "http://server.test/mcp")
		r.hello()
		r.send(call("1", "x"), `{"jsonrpc":"2.0","id":2,"method":"ping"}`, `{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`)
		r.response("1")
		r.response("2")
		synctest.Wait()
		// The session is lost while nobody asks for anything: the stream notices.
		a.set(func() { a.lost = true; close(a.deaf); a.deaf = make(chan struct{}) })
		time.Sleep(time.Minute)
		// And while a request needs it.
		a.set(func() { a.lost = true })
		r.send(call("3", "x"))
		r.response("3")
		r.end()
		a.mu.Lock()
		defer a.mu.Unlock()
		for what, want := range map[string][]bool{
			"POST initialize":                       {true, false, true},
			"POST tools/call":                       {true, true, true},
			"POST notifications/roots/list_changed": {false},
			"DELETE":                                {false},
		} {
			if got := a.waits[what]; !slices.Equal(got, want) && !(what == "POST tools/call" && !slices.Contains(got, false)) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		for _, what := range []string{"GET", "POST ping"} {
			if got := a.waits[what]; len(got) == 0 || slices.Contains(got, true) {
				t.Errorf("%s: %v, want nobody to wait", what, got)
			}
		}
	})
}
