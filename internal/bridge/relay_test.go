// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

func TestHandshakeAndCall(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		respond(w, m.ID, `{"content":[]}`)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "echo"), call(`"1"`, "echo"))
		r.response("1")
		r.response(`"1"`)
		synctest.Wait()
		for _, q := range s.seen(func(q recorded) bool { return q.Method != methodInitialize }) {
			if q.Header.Get(headerSession) != "session-1" || q.Header.Get(headerVersion) != "2025-11-25" {
				t.Errorf("%s %s: session %q version %q", q.HTTP, q.Method, q.Header.Get(headerSession), q.Header.Get(headerVersion))
			}
		}
		first := s.seen(func(q recorded) bool { return q.Method == methodInitialize })[0]
		if first.Header.Get(headerSession)+first.Header.Get(headerVersion) != "" {
			t.Errorf("initialize carries a session: %v", first.Header)
		}
		if first.Body != initializeLine {
			t.Errorf("the server got %q", first.Body)
		}
		if got := first.Header.Get("Accept"); got != "application/json, text/event-stream" {
			t.Errorf("Accept: %q", got)
		}
	})
	if n := s.count("DELETE"); n != 1 {
		t.Errorf("%d DELETE requests", n)
	}
}

func TestServerMessagesAreFlattenedOnly(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte("{\r\n \"result\": {\"text\":\"\u2028<&>\\n\", \"n\": 1.50},\n\"id\":1,\"jsonrpc\":\"2.0\"}\n"))
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		want := "{   \"result\": {\"text\":\"\u2028<&>\\n\", \"n\": 1.50}, \"id\":1,\"jsonrpc\":\"2.0\"}"
		if got := string(r.response("1").raw); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// Everything behind initialize waits for its answer, everything behind
// notifications/initialized until that was accepted (transport.md A25).
func TestOrderOfTheHandshake(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method == methodInitialize || m.Method == methodInitialized {
			time.Sleep(time.Second)
		}
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(initializeLine, initializedLine, call("1", "a"), `{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`, call("2", "b"))
		r.response("2")
		r.response("1")
		synctest.Wait()
		got := s.methods()
		if len(got) != 5 || got[0] != methodInitialize || got[1] != methodInitialized {
			t.Fatalf("order: %v", got)
		}
		list := slices.Index(got, "notifications/roots/list_changed")
		if !strings.Contains(s.seen(func(q recorded) bool { return q.HTTP == "POST" })[list+1].Body, `"id":2`) && list != 2 {
			t.Errorf("order: %v", got)
		}
	})
}

func TestRequestsAreConcurrent(t *testing.T) {
	release := make(chan struct{})
	s := &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if strings.Contains(string(m.Params), "slow") {
			<-release
		}
		return false
	}}
	synctest.Test(t, func(t *testing.T) {
		release = make(chan struct{})
		net := newMemory()
		net.serve(t, s)
		r := startRig(t, net.transport(t), "http://server.test/")
		r.hello()
		r.send(call("1", "slow"), call("2", "fast"))
		r.response("2")
		if r.answers("1") != 0 {
			t.Error("the slow call was answered first")
		}
		close(release)
		r.response("1")
		r.end()
	})
}
