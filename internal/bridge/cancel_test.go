// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

func cancelLine(id string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s,"reason":"tired"}}`, id)
}

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// modern returns a request of the modern era; params continue behind the
// metadata.
func modern(id, method, params string) string {
	if params != "" {
		params = "," + params
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":{%s%s}}`, id, method, modernMeta, params)
}

// A cancel becomes one POST and the stream is read on, but its response and
// progress are dropped (transport.md A16, B29).
func TestCancelLegacy(t *testing.T) {
	goOn := make(chan struct{})
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		switch m.Method {
		case "tools/call":
			startStream(w)
			emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}`))
			<-goOn
			emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":2}}`),
				data(`{"jsonrpc":"2.0","id":"s1","method":"roots/list"}`), data(result(m.ID, `{}`)))
			return true
		case methodCancelled:
			w.WriteHeader(http.StatusAccepted)
			close(goOn)
			return true
		}
		return false
	}
	goOn = nil
	bubble(t, s, func(t *testing.T, r *rig) {
		goOn = make(chan struct{})
		r.hello()
		r.send(call("5", "slow"))
		if m := r.other(); m.Method != "notifications/progress" {
			t.Fatalf("got %s", m.raw)
		}
		r.send(cancelLine("5"))
		if m := r.other(); m.Method != "roots/list" {
			t.Errorf("after the cancel: %s", m.raw)
		}
		r.send(`{"jsonrpc":"2.0","id":6,"method":"ping"}`)
		r.response("6")
		synctest.Wait()
		if r.answers("5") != 0 {
			t.Error("a cancelled request was answered")
		}
		if got := s.seen(func(q recorded) bool { return q.Method == methodCancelled }); len(got) != 1 || got[0].Body != cancelLine("5") {
			t.Errorf("cancels: %v", got)
		}
	})
}

// A cancel names the id under which the server knows the request.
func TestCancelOfRenamedRequest(t *testing.T) {
	n := 0
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if n++; n == 1 {
			abort()
		}
		<-r.Context().Done()
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		n = 0
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":5,"method":"tools/list"}`)
		time.Sleep(time.Second)
		r.send(cancelLine("5"))
		synctest.Wait()
		posts := s.seen(func(q recorded) bool { return q.Method == "tools/list" })
		cancels := s.seen(func(q recorded) bool { return q.Method == methodCancelled })
		if len(posts) != 2 || len(cancels) != 1 {
			t.Fatalf("the server got %v", s.methods())
		}
		id := string(frame.Lookup([]byte(posts[1].Body), "id"))
		if got := string(frame.Lookup([]byte(cancels[0].Body), "params", "requestId")); got != id || id == "5" {
			t.Errorf("the cancel names %s, the request was %s", got, id)
		}
	})
}

// A request that did not leave yet is dropped together with its cancel
// (transport.md A25).
func TestCancelBeforeWritten(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method == methodInitialize {
			time.Sleep(time.Second)
		}
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(initializeLine, initializedLine, call("1", "a"), call("2", "b"), cancelLine("1"), cancelLine("0"), cancelLine("99"))
		r.response("2")
		synctest.Wait()
		if got := strings.Join(s.methods(), " "); got != "initialize notifications/initialized tools/call" {
			t.Errorf("the server got %s", got)
		}
		if r.answers("1") != 0 || r.answers("0") != 1 {
			t.Errorf("answers: %d %d", r.answers("1"), r.answers("0"))
		}
	})
}

// In the modern era a cancel is the end of the stream and nothing is sent
// (transport.md M8).
func TestCancelModern(t *testing.T) {
	closed := make(chan struct{})
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method == "tools/call" {
			startStream(w)
			emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{}}`))
			<-r.Context().Done()
			close(closed)
			return true
		}
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		closed = make(chan struct{})
		r.send(modern("1", "tools/call", `"name":"x"`))
		r.other()
		r.send(cancelLine("1"))
		<-closed
		synctest.Wait()
		if got := strings.Join(s.methods(), " "); got != "tools/call" {
			t.Errorf("the server got %s", got)
		}
		if r.answers("1") != 0 {
			t.Error("a cancelled request was answered")
		}
		q := s.seen(func(recorded) bool { return true })[0]
		if q.Header.Get(headerVersion) != "2026-07-28" || q.Header.Get(headerMethod) != "tools/call" || q.Header.Get(headerName) != "x" {
			t.Errorf("headers %v", q.Header)
		}
	})
}

// The server's own cancel of its request passes, and the late response of the
// client goes nowhere.
func TestServerCancels(t *testing.T) {
	s := &mcpServer{Get: func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","id":1,"method":"roots/list"}`), data(cancelLine("1")))
		<-r.Context().Done()
		return true
	}}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.other()
		if m := r.other(); m.Method != methodCancelled {
			t.Fatalf("got %s", m.raw)
		}
		r.send(`{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}`, `{"jsonrpc":"2.0","id":6,"method":"ping"}`)
		r.response("6")
		if n := s.count(""); n != 2 { // GET and no response
			for _, q := range s.seen(func(q recorded) bool { return q.HTTP == "POST" && q.Method == "" }) {
				t.Errorf("the server got %s", q.Body)
			}
		}
	})
}
