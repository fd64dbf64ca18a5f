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

// kill makes every session so far unknown to the server.
func (s *mcpServer) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		s.dead = map[string]bool{}
	}
	for i := range s.sessions {
		s.dead[fmt.Sprintf("session-%d", i+1)] = true
	}
}

// trace names the requests the server saw with their sessions.
func (s *mcpServer) trace() string {
	var out []string
	for _, q := range s.seen(func(recorded) bool { return true }) {
		name := q.Method
		if name == "" {
			name = q.HTTP
		}
		name = strings.TrimPrefix(name, "notifications/")
		if id := q.Header.Get(headerSession); id != "" {
			name += "@" + strings.TrimPrefix(id, "session-")
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

const listChanged = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`

func TestRecovery(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		s.kill()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Result == nil {
			t.Errorf("got %s", m.raw)
		}
		if m := r.other(); string(m.raw) != listChanged {
			t.Errorf("got %s", m.raw)
		}
		synctest.Wait()
		want := "initialize initialized@1 GET@1 tools/call@1 initialize initialized@2 GET@2 tools/call@2"
		got := strings.Replace(s.trace(), "tools/call@2 GET@2", "GET@2 tools/call@2", 1) // their order is free
		if got != want {
			t.Errorf("the server got  %s\nwant            %s", got, want)
		}
		hellos := s.seen(func(q recorded) bool { return q.Method == methodInitialize })
		if got := frame.Lookup([]byte(hellos[1].Body), "params"); string(got) != string(frame.Lookup([]byte(initializeLine), "params")) {
			t.Errorf("params %s", got)
		}
		if id := string(frame.Lookup([]byte(hellos[1].Body), "id")); !strings.HasPrefix(id, `"tshmcp-`) || hellos[1].Header.Get(headerVersion) != "" {
			t.Errorf("id %s, headers %v", id, hellos[1].Header)
		}
	})
	if got := s.trace(); !strings.HasSuffix(got, " DELETE@2") || strings.Contains(got, "DELETE@1") {
		t.Errorf("the server got %s", got)
	}
}

// What is sent again in the new session (3.3, step 8).
func TestReplayPolicy(t *testing.T) {
	request := func(method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":"me","method":%q,"params":%s}`, method, params)
	}
	tests := []struct {
		name   string
		policy SessionLoss
		dirty  bool
		send   string
		ok     bool
		retry  bool
	}{
		{"a list", "", true, request("tools/list", `{}`), true, false},
		{"an unknown method", "", true, request("x/y", `{}`), true, false},
		{"a page", "", false, request("tools/list", `{"cursor":"c"}`), false, false},
		{"a task", "", false, request("tasks/get", `{"taskId":"t"}`), false, false},
		{"the first call", "", false, call(`"me"`, "x"), true, false},
		{"a later call", "", true, call(`"me"`, "x"), false, true},
		{"a later call, replay", SessionLossReplay, true, call(`"me"`, "x"), true, false},
		{"the first call, error", SessionLossError, false, call(`"me"`, "x"), false, true},
		{"a list, error", SessionLossError, true, request("prompts/list", `{}`), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				if tt.dirty {
					r.send(call("1", "before"))
					r.response("1")
				}
				synctest.Wait()
				s.kill()
				r.send(tt.send)
				if tt.ok {
					if m := r.response(`"me"`); m.Result == nil {
						t.Errorf("got %s", m.raw)
					}
				} else if f := r.refused(`"me"`, kindSessionLost, NotExecuted); f.Data.Retryable != tt.retry {
					t.Errorf("retryable %v", f.Data.Retryable)
				}
				if s.sessions != 2 {
					t.Errorf("%d sessions", s.sessions)
				}
				r.send(call("3", "after"))
				if m := r.response("3"); m.Result == nil {
					t.Errorf("afterwards: %s", m.raw)
				}
			}, func(c *Config) { c.SessionLoss = tt.policy })
		})
	}
}

// Ten requests that find the session lost open one new session.
func TestRecoverySingleFlight(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		time.Sleep(100 * time.Millisecond)
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		time.Sleep(time.Second)
		s.kill()
		for i := range 10 {
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":"r%d","method":"x/y"}`, i))
		}
		time.Sleep(150 * time.Millisecond)
		r.send(`{"jsonrpc":"2.0","id":"queued","method":"ping"}`, `{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`)
		r.response(`"queued"`)
		for i := range 10 {
			if m := r.response(fmt.Sprintf(`"r%d"`, i)); m.Result == nil {
				t.Errorf("got %s", m.raw)
			}
		}
		if s.sessions != 2 {
			t.Errorf("%d sessions", s.sessions)
		}
		if got := s.trace(); strings.Contains(got, "ping@1") || strings.Contains(got, "list_changed@1") {
			t.Errorf("something was sent during the recovery: %s", got)
		}
	})
}

// A server that loses every session is not asked for ever (3.3, step 9).
func TestRecoveryLimits(t *testing.T) {
	s := &mcpServer{Post: onPost("x/y", body(404, "text/plain", "Session not found"))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i := range 10 {
			id := fmt.Sprint(i + 1)
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"x/y"}`, id))
			r.refused(id, kindSessionLost, NotExecuted)
		}
		if s.sessions != 4 {
			t.Errorf("%d sessions after ten losses", s.sessions)
		}
		if n := s.count("x/y"); n != 13 {
			t.Errorf("%d POSTs", n)
		}
		time.Sleep(50 * time.Second) // the pause begins anew with every refusal to recover after it
		for i, step := range []struct {
			wait     time.Duration
			sessions int
		}{{0, 4}, {15 * time.Second, 4}, {16 * time.Second, 5}} {
			time.Sleep(step.wait)
			id := fmt.Sprintf(`"late%d"`, i)
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"x/y"}`, id))
			r.refused(id, kindSessionLost, NotExecuted)
			if s.sessions != step.sessions {
				t.Errorf("%d sessions in step %d, want %d", s.sessions, i, step.sessions)
			}
		}
	})
}

// A session that is lost again and again is told once, with the server's words and
// what to do.
func TestRecoveryTexts(t *testing.T) {
	const advice = "ask whoever runs the server whether it keeps restarting, or runs more than once without sharing its sessions"
	const again = "tshmcp: the MCP session was lost; the new one was lost as well; " + advice + `; the server says: "no session xyz here"`
	const often = "tshmcp: the MCP session was lost: it was lost three times within a minute and is not reopened for half a minute; " + advice +
		`; the server says: "no session xyz here"`
	s := &mcpServer{Post: onPost("x/y", body(404, "text/plain", "no session xyz here"))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i, want := range []string{again, again, again, often, often} {
			id := fmt.Sprint(i + 1)
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"x/y"}`, id))
			if f := r.refused(id, kindSessionLost, NotExecuted); f.Message != want {
				t.Errorf("loss %d: %s\nwant %s", i+1, f.Message, want)
			}
		}
	})
}

// A server that takes no handshake any more says why.
func TestRecoveryRefused(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method != methodInitialize || s.sessions == 0 {
			return false
		}
		body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"closed for today"}}`)(w, r, m)
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		s.kill()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
		want := `tshmcp: the MCP session was lost; it could not be reopened: the server refuses the handshake; the server says: "closed for today"`
		if f := r.refused("1", kindSessionLost, NotExecuted); f.Message != want {
			t.Errorf("%s\nwant %s", f.Message, want)
		}
	})
}

// A 404 to the listening stream is followed up by a ping, and only the ping's
// 404 counts (3.2).
func TestRecoveryByListening(t *testing.T) {
	t.Run("transient", func(t *testing.T) {
		n := 0
		s := &mcpServer{Get: func(w http.ResponseWriter, r *http.Request) bool {
			if n++; n == 1 {
				w.WriteHeader(404)
				return true
			}
			startStream(w)
			emit(w, data(listChanged))
			<-r.Context().Done()
			return true
		}}
		bubble(t, s, func(t *testing.T, r *rig) {
			n = 0
			r.hello()
			r.other()
			if got := s.trace(); got != "initialize initialized@1 GET@1 ping@1 GET@1" {
				t.Errorf("the server got %s", got)
			}
		})
	})
	t.Run("lost", func(t *testing.T) {
		n := 0
		s := &mcpServer{}
		s.Get = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get(headerSession) == "session-1" {
				s.kill()
				return false
			}
			startStream(w)
			<-r.Context().Done()
			return true
		}
		bubble(t, s, func(t *testing.T, r *rig) {
			n = 0
			r.hello()
			r.other()
			synctest.Wait()
			if got := s.trace(); got != "initialize initialized@1 GET@1 ping@1 initialize initialized@2 GET@2" {
				t.Errorf("the server got %s", got)
			}
			_ = n
		})
	})
}

// A notification is sent again in the new session, a response is not
// (transport.md F-22).
func TestRecoveryByNotification(t *testing.T) {
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","id":1,"method":"roots/list"}`))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.other()
		s.kill()
		r.send(`{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`)
		r.other() // the question is taken back
		r.other() // the tools may have changed
		r.other() // and asked again
		s.kill()
		r.send(`{"jsonrpc":"2.0","id":1,"result":{}}`)
		synctest.Wait()
		want := "initialize initialized@1 GET@1 roots/list_changed@1 initialize initialized@2 GET@2 roots/list_changed@2 POST@2 initialize initialized@3 GET@3"
		if got := s.trace(); got != want {
			t.Errorf("the server got %s\nwant           %s", got, want)
		}
	})
}

// notifications/initialized itself may find the session gone.
func TestRecoveryOfInitialized(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method == methodInitialized && s.sessions == 1 {
			s.kill()
		}
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Result == nil {
			t.Errorf("got %s", m.raw)
		}
		synctest.Wait()
		if got := s.trace(); got != "initialize initialized@1 initialize initialized@2 GET@2 tools/call@2" && got != "initialize initialized@1 initialize initialized@2 tools/call@2 GET@2" {
			t.Errorf("the server got %s", got)
		}
	})
}

// A cancel that comes while the session is being recovered removes the request
// it means (3.3, step 1).
func TestCancelDuringRecovery(t *testing.T) {
	s := &mcpServer{}
	s.Post = onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		time.Sleep(time.Second)
		s.initialize(w, m)
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		s.kill()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"ping"}`)
		synctest.Wait()
		r.send(call("2", "x"), cancelLine("2"), call("3", "x"))
		r.response("3")
		synctest.Wait()
		if got := s.count("tools/call"); got != 1 || r.answers("2") != 0 {
			t.Errorf("%d calls, %d answers", got, r.answers("2"))
		}
	})
}
