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

// Subscriptions, the log level and the listening stream are restored; the
// server's open questions are taken back (3.3, steps 3 and 7).
func TestRecoveryRestores(t *testing.T) {
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		if r.Header.Get(headerSession) == "session-1" {
			emit(w, data(`{"jsonrpc":"2.0","id":"q1","method":"roots/list"}`))
		}
		<-r.Context().Done()
		return true
	}
	topic := func(id int, method, uri string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"resources/%s","params":{"uri":%q}}`, id, method, uri)
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.other()
		for i, l := range []string{
			topic(1, "subscribe", "a"), topic(2, "subscribe", "b"), topic(3, "subscribe", "a"), topic(4, "unsubscribe", "b"),
			`{"jsonrpc":"2.0","id":5,"method":"logging/setLevel","params":{"level":"info"}}`,
			`{"jsonrpc":"2.0","id":6,"method":"logging/setLevel","params":{"level":"debug"}}`,
		} {
			r.send(l)
			r.response(fmt.Sprint(i + 1))
		}
		s.kill()
		r.send(`{"jsonrpc":"2.0","id":7,"method":"ping"}`)
		r.response("7")
		if m := r.other(); m.Method != methodCancelled || string(frame.Lookup(m.Params, "requestId")) != `"q1"` {
			t.Errorf("got %s", m.raw)
		}
		r.send(`{"jsonrpc":"2.0","id":"q1","result":{"roots":[]}}`)
		synctest.Wait()
		var restored []string
		for _, q := range s.seen(func(q recorded) bool { return q.Header.Get(headerSession) == "session-2" && q.HTTP == "POST" }) {
			restored = append(restored, q.Method+string(frame.Lookup([]byte(q.Body), "params")))
		}
		want := `notifications/initialized resources/subscribe{"uri":"a"} logging/setLevel{"level":"debug"} ping`
		if got := strings.Join(restored, " "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		for id := range r.seen {
			if strings.Contains(id, "tshmcp") {
				t.Errorf("the client got an answer to %s", id)
			}
		}
	})
}

// What the client cannot be told makes the recovery fail (3.3, step 5).
func TestRecoveryOfAnotherServer(t *testing.T) {
	tests := map[string]struct {
		second string
		ok     bool
	}{
		"same":                  {`{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"new","version":"2"}}`, true},
		"more":                  {`{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"prompts":{}}}`, true},
		"other version":         {`{"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}}}`, false},
		"capability gone":       {`{"protocolVersion":"2025-11-25","capabilities":{}}`, false},
		"part of a capability":  {`{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}}`, false},
		"capability turned off": {`{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":false}}}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n := 0
			s := &mcpServer{}
			s.Post = onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				if n++; n == 1 {
					s.initialize(w, m)
					return
				}
				w.Header().Set(headerSession, "session-2")
				respond(w, m.ID, tt.second)
			})
			bubble(t, s, func(t *testing.T, r *rig) {
				n = 0
				r.hello()
				synctest.Wait()
				s.kill()
				r.send(call("1", "x"))
				if tt.ok {
					if m := r.response("1"); m.Result == nil {
						t.Errorf("got %s", m.raw)
					}
					return
				}
				if f := r.refused("1", kindSessionLost, NotExecuted); f.Data.Retryable || !strings.Contains(f.Message, "restart") {
					t.Errorf("got %+v", f)
				}
			})
		})
	}
}

// If the new session cannot be opened, everything that waits is answered and
// the next message tries again (3.3, step 10).
func TestRecoveryFails(t *testing.T) {
	for name, refuse := range map[string]func(http.ResponseWriter, *http.Request, frame.Message){
		"404":            status(404),
		"JSON-RPC error": body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"message":"no"}}`),
		"hang":           func(w http.ResponseWriter, r *http.Request, _ frame.Message) { <-r.Context().Done() },
		"login page":     body(200, "text/html", "<html>"),
	} {
		t.Run(name, func(t *testing.T) {
			down := false
			s := &mcpServer{}
			s.Post = onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				if down {
					refuse(w, r, m)
					return
				}
				s.initialize(w, m)
			})
			bubble(t, s, func(t *testing.T, r *rig) {
				down = false
				r.hello()
				synctest.Wait()
				s.kill()
				down = true
				began := time.Now()
				r.send(call("1", "x"), `{"jsonrpc":"2.0","id":2,"method":"ping"}`)
				r.refused("1", kindSessionLost, NotExecuted)
				r.refused("2", kindSessionLost, NotExecuted)
				if d := time.Since(began); d > 25*time.Second {
					t.Errorf("took %v", d)
				}
				synctest.Wait()
				down = false
				r.send(call("3", "x"))
				if m := r.response("3"); m.Result == nil {
					t.Errorf("got %s", m.raw)
				}
			})
		})
	}
}

// A second handshake of the client replaces the session.
func TestSecondHandshake(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		r.send(strings.Replace(initializeLine, `"id":0`, `"id":"two"`, 1), initializedLine, call("1", "x"))
		r.response("1")
		synctest.Wait()
		for _, q := range s.seen(func(q recorded) bool { return q.Method == "tools/call" }) {
			if q.Header.Get(headerSession) != "session-2" {
				t.Errorf("session %q", q.Header.Get(headerSession))
			}
		}
		if got := s.trace(); !strings.Contains(got, "DELETE@1") || strings.Contains(got, "initialize@") {
			t.Errorf("the server got %s", got)
		}
		for _, q := range s.seen(func(q recorded) bool { return q.Method == methodInitialize }) {
			if q.Header.Get(headerVersion) != "" {
				t.Errorf("initialize with version %q", q.Header.Get(headerVersion))
			}
		}
	})
}

// A server that gives a second handshake the same session id must keep it.
func TestSecondHandshakeSameID(t *testing.T) {
	s := &mcpServer{Post: onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.Header().Set(headerSession, "only")
		respond(w, m.ID, `{"protocolVersion":"2025-11-25","capabilities":{}}`)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		r.send(strings.Replace(initializeLine, `"id":0`, `"id":"two"`, 1))
		r.response(`"two"`)
		synctest.Wait()
		if n := s.count("DELETE"); n != 0 {
			t.Errorf("%d DELETE requests", n)
		}
	})
}
