// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const twoAndOne = `[{"jsonrpc":"2.0","id":1,"method":"a"}, {"jsonrpc":"2.0","method":"notifications/n"},{"jsonrpc":"2.0","id":"2","method":"b"}]`

// onBatch answers batches.
func onBatch(f func(w http.ResponseWriter)) *mcpServer {
	return &mcpServer{Version: v03, Batch: f}
}

// A batch goes to the server as it is and its answers come in any form
// (transport.md F-23).
func TestBatch(t *testing.T) {
	one, two := result([]byte("1"), `{"n": 1}`), result([]byte(`"2"`), `{"n":2}`)
	foreign := result([]byte("77"), `{}`)
	tests := map[string]struct {
		answer func(w http.ResponseWriter)
		whole  string // the line the client gets, if it is one
	}{
		"array":             {func(w http.ResponseWriter) { body(200, typeJSON, "["+one+" ,\n"+two+"]\n")(w, nil, frame.Message{}) }, "[" + one + " , " + two + "]"},
		"array in a stream": {func(w http.ResponseWriter) { startStream(w); emit(w, "data: ["+one+",\ndata: "+two+"]\n\n") }, "[" + one + ", " + two + "]"},
		"single events":     {func(w http.ResponseWriter) { startStream(w); emit(w, data(two), data(one)) }, ""},
		"with a foreign one": {func(w http.ResponseWriter) {
			body(200, typeJSON, "["+one+","+foreign+","+two+"]")(w, nil, frame.Message{})
		}, ""},
		"array and event": {func(w http.ResponseWriter) { startStream(w); emit(w, data("["+two+"]"), data(one)) }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := onBatch(tt.answer)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(twoAndOne)
				for id, want := range map[string]string{"1": one, `"2"`: two} {
					m := r.response(id)
					if string(m.Doc) != want {
						t.Errorf("got %s", m.Doc)
					}
					if tt.whole != "" && string(m.raw) != tt.whole {
						t.Errorf("got  %s\nwant %s", m.raw, tt.whole)
					}
				}
				synctest.Wait()
				q := s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })
				if len(q) != 1 || q[0].Body != twoAndOne || r.answers("77") != 0 {
					t.Errorf("the server got %v", q)
				}
			})
		})
	}
}

// Whatever goes wrong, every request in the batch is answered.
func TestBatchFails(t *testing.T) {
	tests := map[string]struct {
		answer   func(w http.ResponseWriter)
		kind     Kind
		executed Execution
	}{
		"500": {func(w http.ResponseWriter) { status(500)(w, nil, frame.Message{}) }, KindHTTPStatus, MayHaveRun},
		"403": {func(w http.ResponseWriter) { status(403)(w, nil, frame.Message{}) }, KindForbidden, NotExecuted},
		"null id": {func(w http.ResponseWriter) {
			body(400, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"m"}}`)(w, nil, frame.Message{})
		}, KindHTTPStatus, MayHaveRun},
		"202":      {func(w http.ResponseWriter) { w.WriteHeader(202) }, kindNoResponse, MayHaveRun},
		"reset":    {func(http.ResponseWriter) { abort() }, KindConnectionLost, MayHaveRun},
		"too soon": {func(w http.ResponseWriter) { startStream(w) }, kindStreamLost, MayHaveRun},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := onBatch(tt.answer)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(twoAndOne)
				r.refused("1", tt.kind, tt.executed)
				r.refused(`"2"`, tt.kind, tt.executed)
				if n := len(s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })); n != 1 {
					t.Errorf("%d POSTs", n)
				}
			})
		})
	}
}

// Where batches do not exist they are refused, id by id.
func TestBatchRefused(t *testing.T) {
	tests := map[string]struct{ version, batch string }{
		"2025-06-18": {v06, twoAndOne},
		"2025-11-25": {v11, twoAndOne},
		"handshake":  {v03, strings.Replace(twoAndOne, `"method":"a"`, `"method":"initialize"`, 1)},
		"modern":     {v03, "[" + modern("1", "a", "") + `,{"jsonrpc":"2.0","id":"2","method":"b"}]`},
		"an element": {v03, `[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":"2","method":5},7]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Version: tt.version}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(tt.batch, "[]", `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
				for _, id := range []string{"1", `"2"`} {
					if f := r.refused(id, kindInvalidRequest, NotExecuted); f.Code != codeInvalidRequest {
						t.Errorf("code %d", f.Code)
					}
				}
				r.response("3")
				if n := len(s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })); n != 0 {
					t.Errorf("%d POSTs", n)
				}
			})
		})
	}
}

// Each request in a batch that is none is answered, however many there are and however
// deep they are in it.
func TestBatchThatIsNone(t *testing.T) {
	var many []string
	for id := range 1100 {
		many = append(many, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"a"}`, 100+id))
	}
	tests := map[string]struct {
		batch string
		ids   []string
	}{
		"many":   {"[" + strings.Join(many, ",") + "]", []string{"100", "1123", "1124", "1199"}},
		"nested": {`[[{"jsonrpc":"2.0","id":8,"method":"a"},[{"jsonrpc":"2.0","id":"x","method":"b"}]], {"jsonrpc":"2.0","id":9,"method":"a"}]`, []string{"8", `"x"`, "9"}},
		"deep":   {strings.Repeat("[", 5000) + `{"jsonrpc":"2.0","id":5,"method":"a"}` + strings.Repeat("]", 5000), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Version: v03}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(tt.batch, `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
				for _, id := range tt.ids {
					r.refused(id, kindInvalidRequest, NotExecuted)
				}
				r.response("3")
				if n := len(s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })); n != 0 {
					t.Errorf("%d POSTs", n)
				}
			})
		})
	}
}

// A cancel in a batch is one, and the server hears of it by the id that it knows.
func TestCancelInBatch(t *testing.T) {
	pong := `{"jsonrpc":"2.0","id":4,"method":"ping"}`
	tests := map[string]struct{ batch, sent string }{
		"alone":       {"[" + cancelLine("1") + "]", ""},
		"with others": {"[" + `{"jsonrpc":"2.0","method":"notifications/n"}, ` + cancelLine("1") + "]", `[{"jsonrpc":"2.0","method":"notifications/n"}]`},
		"of its own":  {`[{"jsonrpc":"2.0","id":2,"method":"x"},` + cancelLine("2") + `,` + cancelLine("1") + `]`, `[{"jsonrpc":"2.0","id":"tshmcp-…","method":"x"}]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Version: v03}
			var goOn chan struct{} // closed once the cancels are acted on: nothing is answered before
			s.Batch = func(w http.ResponseWriter) { <-goOn; w.WriteHeader(202) }
			s.Post = onPost("tools/call", func(_ http.ResponseWriter, r *http.Request, _ frame.Message) { <-r.Context().Done() })
			bubble(t, s, func(t *testing.T, r *rig) {
				goOn = make(chan struct{})
				r.hello()
				r.send(call("1", "x"))
				synctest.Wait()
				r.send(tt.batch, pong)
				synctest.Wait()
				close(goOn)
				r.response("4")
				synctest.Wait()
				calls := s.seen(func(q recorded) bool { return q.Method == methodCall })
				asked, _ := frame.ParseMessage([]byte(calls[0].Body))
				told := s.seen(func(q recorded) bool {
					return q.Method == methodCancelled && strings.Contains(q.Body, string(asked.ID))
				})
				if len(told) != 1 || r.answers("1") != 0 || r.answers("2") != 0 {
					t.Errorf("%d cancels, %d and %d answers", len(told), r.answers("1"), r.answers("2"))
				}
				for _, q := range s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") }) {
					if m, _, _ := frame.Parse([]byte(q.Body)); strings.Replace(q.Body, string(m[0].ID), `"tshmcp-…"`, 1) != tt.sent && q.Body != tt.sent {
						t.Errorf("sent %s", q.Body)
					}
				}
			}, uniqueIDs)
		})
	}
}

// A batch without requests goes through the lane; the responses in it are
// taken off the list of the server's questions.
func TestBatchOfNotifications(t *testing.T) {
	s := &mcpServer{Version: v03}
	s.Batch = func(w http.ResponseWriter) { w.WriteHeader(202) }
	batch := `[{"jsonrpc":"2.0","method":"notifications/a"},{"jsonrpc":"2.0","id":1,"result":{}}]`
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(batch, `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
		r.response("3")
		if q := s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") }); len(q) != 1 || q[0].Body != batch {
			t.Errorf("the server got %v", q)
		}
	})
}

// What of a batch only meant something in the session before is not said in the next.
func TestBatchOfNotificationsAfterALoss(t *testing.T) {
	batch := `[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","method":"notifications/a"}, {"jsonrpc":"2.0","method":"notifications/progress","params":{}}]`
	for want, batch := range map[string]string{`[{"jsonrpc":"2.0","method":"notifications/a"}]`: batch, "": `[{"jsonrpc":"2.0","id":1,"result":{}}]`} {
		s := &mcpServer{Version: v03}
		var got []string
		s.Batch = func(w http.ResponseWriter) {
			if s.sessions == 1 {
				http.Error(w, "session not found", http.StatusNotFound)
				return
			}
			s.mu.Lock()
			got = append(got, s.requests[len(s.requests)-1].Body)
			s.mu.Unlock()
			w.WriteHeader(202)
		}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			synctest.Wait()
			r.send(batch, `{"jsonrpc":"2.0","id":3,"method":"ping"}`)
			r.response("3")
			synctest.Wait()
			if strings.Join(got, " ") != want || s.sessions != 2 {
				t.Errorf("in the next of %d sessions the server got %q, want %q", s.sessions, got, want)
			}
		})
	}
}

// Of a batch with requests, too, nothing is said in the next session that only meant
// something in the one before, whatever else is changed in it.
func TestBatchWithRequestsAfterALoss(t *testing.T) {
	const batch = `[{"jsonrpc":"2.0","id":"a","result":{}}, {"jsonrpc":"2.0","id":1,"method":"tools/list"},{"jsonrpc":"2.0","method":"notifications/progress","params":{}},{"jsonrpc":"2.0","method":"notifications/a"},{"jsonrpc":"2.0","id":"b","error":{}}]`
	const next = `[{"jsonrpc":"2.0","id":1,"method":"tools/list"},{"jsonrpc":"2.0","method":"notifications/a"}]`
	for name, set := range map[string]func(*Config){"the client's ids": func(*Config) {}, "ids of its own": uniqueIDs} {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Version: v03}
			var got []string
			s.Batch = func(w http.ResponseWriter) {
				s.mu.Lock()
				sent := s.requests[len(s.requests)-1].Body
				s.mu.Unlock()
				messages, _, _ := frame.Parse([]byte(sent))
				i := slices.IndexFunc(messages, func(m frame.Message) bool { return m.Kind == frame.Request })
				got = append(got, strings.Replace(sent, `"id":`+string(messages[i].ID), `"id":1`, 1))
				if s.sessions == 1 {
					http.Error(w, "session not found", http.StatusNotFound)
					return
				}
				fmt.Fprint(w, result(messages[i].ID, `{}`))
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				got = nil
				r.hello()
				r.send(batch)
				if m := r.response("1"); m.Result == nil || !slices.Equal(got, []string{batch, next}) {
					t.Errorf("%s\nsent %q", m.raw, got)
				}
			}, set)
		})
	}
}

// One of a batch can be cancelled; the others go on.
func TestBatchCancel(t *testing.T) {
	goOn := make(chan struct{})
	s := onBatch(func(w http.ResponseWriter) {
		startStream(w)
		<-goOn
		emit(w, data(result([]byte("1"), `{}`)), data(result([]byte(`"2"`), `{}`)))
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		goOn = make(chan struct{})
		r.hello()
		r.send(twoAndOne)
		synctest.Wait()
		r.send(cancelLine("1"))
		synctest.Wait()
		close(goOn)
		r.response(`"2"`)
		synctest.Wait()
		if r.answers("1") != 0 || s.count(methodCancelled) != 1 {
			t.Errorf("%d answers, %d cancels", r.answers("1"), s.count(methodCancelled))
		}
	})
}

// A batch whose session was lost is sent again if all of it may be.
func TestBatchRecovery(t *testing.T) {
	for method, ok := range map[string]bool{"tools/list": true, "tools/call": false} {
		t.Run(method, func(t *testing.T) {
			s := onBatch(nil)
			lost := true
			s.Batch = func(w http.ResponseWriter) {
				if lost {
					lost = false
					http.Error(w, "session not found", http.StatusNotFound)
					return
				}
				fmt.Fprint(w, "["+result([]byte("1"), `{}`)+","+result([]byte(`"2"`), `{}`)+"]")
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				lost = true
				r.hello()
				r.send(strings.Replace(twoAndOne, `"a"`, fmt.Sprintf("%q", method), 1))
				for _, id := range []string{"1", `"2"`} {
					if m := r.response(id); ok != (m.Result != nil) {
						t.Errorf("got %s", m.raw)
					}
				}
			}, func(c *Config) { c.SessionLoss = SessionLossError })
		})
	}
}
