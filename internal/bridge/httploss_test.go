// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// What tells that the server lost the session, and what does not
// (transport.md 3.2, F-8).
func TestRecoveryTriggers(t *testing.T) {
	tests := []struct {
		name   string
		refuse func(w http.ResponseWriter, r *http.Request, m frame.Message)
		noID   bool
		lost   bool
	}{
		{"404 to everything", status(404), false, true},
		{"404 of something on the way", onlyTo("x/y", status(404)), false, false},
		{"404 of something on the way, as JSON", onlyTo("x/y", body(404, typeJSON, `{"error":{"message":"not found"}}`)), false, false},
		{"404 that names the session", onlyTo("x/y", body(404, "text/plain", "session not found")), false, true},
		{"404 with the right id that names the session", body(404, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32001,"message":"Session not found"}}`), false, true},
		{"404 with a null id", body(404, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}`), false, true},
		{"404 with a foreign id", body(404, typeJSON, `{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Session terminated"}}`), false, true},
		{"404 with the right id", body(404, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"no such method in any session"}}`), false, false},
		{"400 no valid session", body(400, typeJSON, `{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: No valid session ID provided"}}`), false, true},
		{"400 text", body(400, "text/plain", "Invalid session ID"), false, true},
		{"400 not initialized", body(400, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: Server not initialized"}}`), false, true},
		{"400 not initialized without an id", body(400, "text/plain", "Server not initialized"), true, true},
		{"400 for another reason", body(400, "text/plain", "unsupported protocol version"), false, false},
		{"400 with the right id", body(400, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"invalid session"}}`), false, true},
		{"400 with the right id to one request alone", onlyTo("x/y", body(400, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"invalid session argument"}}`)), false, false},
		{"400 in other words", body(400, "text/plain", "No such session"), false, true},
		{"400 in other words to one request alone", onlyTo("x/y", body(400, "text/plain", "one session per user")), false, false},
		{"400 in a long sentence", body(400, typeJSON, `{"error":"The Mcp-Session-Id you sent doesn't match any transport"}`), false, true},
		{"403 that names the session", body(403, "text/plain", "session was revoked"), false, true},
		{"403 to one request alone", onlyTo("x/y", body(403, "text/plain", "not in this session")), false, false},
		{"409 that names the session", body(409, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"stale session"}}`), false, true},
		{"410 that names the session", body(410, "text/plain", "The session is gone"), false, true},
		{"410", status(410), false, false},
		{"422 that names the session", body(422, typeJSON, `{"detail":"unrecognized session id"}`), false, true},
		{"440 that names the session", body(440, "text/html", "<title>Session ended</title>"), false, true},
		{"429 that names the session", body(429, "text/plain", "too many requests in this session"), false, false},
		{"503 that names the session", body(503, "text/plain", "session store is down"), false, false},
		{"404 without an id", status(404), true, false},
		{"400 session without an id", body(400, "text/plain", "missing session id"), true, false},
		{"403", status(403), false, false},
		{"401 that names the session", body(401, "text/plain", "Session expired"), false, true},
		{"401 with the right id that names the session", body(401, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"session not found"}}`), false, true},
		{"401 to one request alone", onlyTo("x/y", body(401, "text/plain", "your session has expired, log in")), false, false},
		{"401 with a challenge that names the session", challenged(body(401, "text/plain", "invalid session")), false, true},
		{"401", status(401), false, true},
		{"401 to one request alone, without a word", onlyTo("x/y", status(401)), false, false},
		{"401 with a challenge", status(401, "WWW-Authenticate", `Bearer realm="mcp"`), false, false},
		{"401 without an id", body(401, "text/plain", "Session expired"), true, false},
		{"200 that names the session", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"Session not found"}}`), false, true},
		{"200 with a null id", body(200, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"invalid session"}}`), false, true},
		{"200 in a stream", body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32600,\"message\":\"No valid session\"}}\n\n"), false, true},
		{"200 in a stream with a null id", body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"No valid session\"}}\n\n"), false, true},
		{"200 as an error of the server", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"Bad Request: No valid session"}}`), false, true},
		{"200 with the SDKs' code", body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}\n\n"), false, true},
		{"200 after a stream has begun", body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"session closed\"}}\n\n"), false, false},
		{"200 of a tool in a stream", onlyTo("x/y", body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32000,\"message\":\"browser session closed\"}}\n\n")), false, false},
		{"200 about something else", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"name is required"}}`), false, false},
		{"200 about a session of a tool", onlyTo("x/y", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"session not found"}}`)), false, false},
		{"200 with another code", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32602,"message":"session not found"}}`), false, true},
		{"200 in other words", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32001,"message":"this session has ended"}}`), false, true},
		{"200 of a server that knows no handshake", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32002,"message":"Server not initialized"}}`), false, true},
		{"200 of a server that knows no handshake, without an id", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32002,"message":"Server not yet initialized"}}`), true, true},
		{"200 of a server without ping", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"no such method in this session"}}`), false, false},
		{"200 without an id", body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"session not found"}}`), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			broken := true
			s := &mcpServer{NoID: tt.noID}
			s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
				if m.Method == methodInitialize && s.sessions > 0 {
					broken = false
				}
				if m.Method != "x/y" && m.Method != "ping" || !broken {
					return false
				}
				w = &refusal{ResponseWriter: w}
				tt.refuse(w, r, m)
				return w.(*refusal).begun
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				broken = true
				r.hello()
				r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
				m := r.response("1")
				if got := s.sessions; got != 1 && !tt.lost || got != 2 && tt.lost {
					t.Errorf("%d sessions", got)
				}
				if tt.lost != (m.Result != nil) {
					t.Errorf("got %s", m.raw)
				}
			})
		})
	}
}

// refusal notes whether a script answered.
type refusal struct {
	http.ResponseWriter
	begun bool
}

func (r *refusal) WriteHeader(code int) {
	r.begun = true
	r.ResponseWriter.WriteHeader(code)
}

// onlyTo answers one method.
func onlyTo(method string, f func(http.ResponseWriter, *http.Request, frame.Message)) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if m.Method == method {
			f(w, r, m)
		}
	}
}

// challenged adds what a 401 has to have.
func challenged(f func(http.ResponseWriter, *http.Request, frame.Message)) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		f(w, r, m)
	}
}

// A 401 stays one where no new session helps.
func TestUnauthorizedIsNoLostSession(t *testing.T) {
	expired := body(401, "text/plain", "Session expired")
	tests := []struct {
		name     string
		post     func(s *mcpServer) func(http.ResponseWriter, *http.Request, frame.Message) bool
		sessions int
	}{
		{"to the handshake as well", func(s *mcpServer) func(http.ResponseWriter, *http.Request, frame.Message) bool {
			return func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
				if s.sessions == 0 || m.Method == "" {
					return false
				}
				expired(w, r, m)
				return true
			}
		}, 1},
		{"in the new session as well", func(*mcpServer) func(http.ResponseWriter, *http.Request, frame.Message) bool {
			return onPost("tools/call ping", expired)
		}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{}
			s.Post = tt.post(s)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				synctest.Wait()
				r.send(call("1", "x"))
				want := `tshmcp: the server demands authorization (HTTP 401); the server says: "Session expired"`
				if f := r.refused("1", kindUnauthorized, NotExecuted); f.Message != want {
					t.Errorf("%s\nwant %s", f.Message, want)
				}
				if s.sessions != tt.sessions {
					t.Errorf("%d sessions", s.sessions)
				}
			})
		})
	}
}

// losing is a server that refuses what comes from lose on, until it is initialized again.
func losing(refuse func(http.ResponseWriter, *http.Request, frame.Message)) (s *mcpServer, lose func()) {
	gone := false
	s = &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		gone = gone && m.Method != methodInitialize
		if gone {
			refuse(w, r, m)
		}
		return gone
	}}
	return s, func() { gone = true }
}

// A call in a session that had calls is not made again, however the loss is told.
func TestLossInOtherWordsRepeatsNoCall(t *testing.T) {
	const failure = `{"jsonrpc":"2.0","id":ID,"error":{"code":-32600,"message":"Session not found"}}`
	refusals := map[string]func(http.ResponseWriter, *http.Request, frame.Message){
		"401":             body(401, "text/plain", "Session expired"),
		"200":             body(200, typeJSON, failure),
		"200 in a stream": body(200, typeStream, "data: "+failure+"\n\n"),
	}
	for name, refuse := range refusals {
		t.Run(name, func(t *testing.T) {
			s, lose := losing(refuse)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "x"))
				r.response("1")
				synctest.Wait()
				lose()
				r.send(call("2", "x"))
				r.refused("2", kindSessionLost, NotExecuted)
				r.send(call("3", "x"))
				if m := r.response("3"); m.Result == nil || s.sessions != 2 || s.count(methodCall) != 3 {
					t.Errorf("%d sessions, %d calls, then %s", s.sessions, s.count(methodCall), m.raw)
				}
			})
		})
	}
}

// What may have been said of a call that ran repeats no call, and does not leave the
// session lost.
func TestLossAfterTheCallHasRun(t *testing.T) {
	refusals := map[string]func(http.ResponseWriter, *http.Request, frame.Message){
		"500":                        body(500, "text/plain", "no session for this id"),
		"200":                        body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"message":"session terminated"}}`),
		"200 with a code of its own": body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32042,"message":"session terminated"}}`),
		"200 with a null id":         body(200, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"session terminated"}}`),
	}
	for name, refuse := range refusals {
		for _, method := range []string{methodCall, methodTools} {
			t.Run(name+" "+method, func(t *testing.T) {
				s, lose := losing(refuse)
				bubble(t, s, func(t *testing.T, r *rig) {
					r.hello()
					synctest.Wait()
					lose()
					r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":{"name":"x"}}`, method))
					if m := r.response("1"); (m.Result == nil) != (method == methodCall) {
						t.Errorf("got %s", m.raw)
					}
					synctest.Wait()
					if n := s.count(methodCall); method == methodCall && n != 1 {
						t.Errorf("%d calls", n)
					}
					r.send(call("2", "x"))
					if m := r.response("2"); m.Result == nil || s.sessions != 2 {
						t.Errorf("%d sessions, then %s", s.sessions, m.raw)
					}
				})
			})
		}
	}
}

// A refusal that is about something else stays one where no new session helps.
func TestRefusalAboutSessionsInEachSession(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call ping", body(403, "text/plain", "no session may do this"))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.refused("1", KindForbidden, NotExecuted)
	})
}

// An answer that the server gives in each session, to the request's own id, is what
// the client gets in the end.
func TestAnswerAboutSessionsInEachSession(t *testing.T) {
	const failure = `"error":{"code":-32600,"message":"Session expired"}`
	for _, status := range []int{200, 400, 404} {
		s := &mcpServer{Post: onPost("tools/call ping", body(status, typeJSON, `{"jsonrpc":"2.0","id":ID,`+failure+`}`))}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(call("1", "x"))
			if m := r.response("1"); string(m.raw) != `{"jsonrpc":"2.0","id":1,`+failure+`}` || s.sessions != 2 {
				t.Errorf("%d: got %s after %d sessions", status, m.raw, s.sessions)
			}
		})
	}
}

// What a tool says of sessions is its own affair.
func TestResultAboutSessions(t *testing.T) {
	const text = `"result":{"code":-32600,"isError":true,"content":[{"type":"text","text":"Session not found"}]}`
	for _, media := range []string{typeJSON, typeStream} {
		format := `{"jsonrpc":"2.0","id":ID,` + text + `}`
		if media == typeStream {
			format = "data: " + format + "\n\n"
		}
		s := &mcpServer{Post: onPost("tools/call ping", body(200, media, format))}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(call("1", "x"))
			if m := r.response("1"); string(m.raw) != `{"jsonrpc":"2.0","id":1,`+text+`}` || s.count("ping") != 0 || s.sessions != 1 {
				t.Errorf("got %s after %d pings", m.raw, s.count("ping"))
			}
		})
	}
}
