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

// A response whose id has another form is that of the only request that it can be
// for, and the client gets the id that it wrote. Where it can be for two, nobody
// guesses (transport.md F-21).
func TestIDsInAnotherForm(t *testing.T) {
	tests := []struct {
		name       string
		open       []string // ids of requests; the server answers the first
		id         string   // in the answer
		wrong      bool     // it is nobody's
		answersFor int      // index of the request that gets it
	}{
		{name: "a string", open: []string{`1`}, id: `"1"`},
		{name: "a string with spaces", open: []string{`1`}, id: `" 1\t"`},
		{name: "a fraction", open: []string{`1`}, id: `1.0`},
		{name: "an exponent", open: []string{`1`}, id: `1e0`},
		{name: "a string with a fraction", open: []string{`1`}, id: `"1.0"`},
		{name: "a negative one", open: []string{`-1`}, id: `"-1"`},
		{name: "beyond 2^53", open: []string{`9007199254740993`}, id: `"9007199254740993"`},
		{name: "beyond 2^64", open: []string{`18446744073709551617`}, id: `"18446744073709551617"`},
		{name: "a number for a string", open: []string{`"7"`}, id: `7`},
		{name: "an integer for a float as a string", open: []string{`"7.0"`}, id: `7`},
		{name: "rounded", open: []string{`9007199254740993`}, id: `9007199254740992`, wrong: true},
		{name: "rounded, as a string", open: []string{`9007199254740993`}, id: `"9007199254740992"`, wrong: true},
		{name: "padded with zeros", open: []string{`1`}, id: `"01"`, wrong: true},
		{name: "a word", open: []string{`1`}, id: `"one"`, wrong: true},
		{name: "another case", open: []string{`"a"`}, id: `"A"`, wrong: true},
		{name: "the other's", open: []string{`1`, `2`}, id: `"2"`, answersFor: 1},
		{name: "both", open: []string{`1`, `"1"`}, id: `" 1"`, wrong: true},
		{name: "both, as the other writes it", open: []string{`1`, `"1"`}, id: `"1"`, wrong: true},
		{name: "both, as it is", open: []string{`1`, `"1"`}, id: `1`},
		{name: "several", open: []string{`1`, `"1"`, `" 1"`}, id: `"1 "`, wrong: true},
	}
	for _, tt := range tests {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, stream %v", tt.name, stream), func(t *testing.T) {
				reached := 0
				var answer, rest chan struct{}
				s := &mcpServer{}
				s.Post = onPost("x/y", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
					if reached++; reached > 1 {
						<-rest
						respond(w, m.ID, `{}`)
						return
					}
					<-answer
					doc := result([]byte(tt.id), `{"id":"1"}`)
					if stream {
						startStream(w)
						emit(w, data(doc))
						return
					}
					w.Header().Set("Content-Type", typeJSON)
					fmt.Fprint(w, doc)
				})
				bubble(t, s, func(t *testing.T, r *rig) {
					answer, rest = make(chan struct{}), make(chan struct{})
					r.hello()
					for _, id := range tt.open {
						r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"x/y"}`, id))
						synctest.Wait()
					}
					close(answer)
					if tt.wrong {
						f := r.refused(tt.open[0], map[bool]Kind{false: KindMalformed, true: kindStreamLost}[stream], MayHaveRun)
						if !strings.Contains(f.Message, "with the id "+tt.id) || strings.Contains(f.Message, "no response") {
							t.Errorf("message %q", f.Message)
						}
					} else if m := r.response(tt.open[tt.answersFor]); string(m.raw) != result([]byte(tt.open[tt.answersFor]), `{"id":"1"}`) {
						t.Errorf("got %s", m.raw)
					}
					close(rest)
				})
			})
		}
	}
}

func TestIDsInAnotherFormInBatch(t *testing.T) {
	tests := map[string]struct{ send, answer, want string }{
		"each": {
			`[{"jsonrpc":"2.0","id":1,"method":"x/y"},{"jsonrpc":"2.0","id":"2","method":"x/y"}]`,
			`[{"jsonrpc":"2.0","id":2,"result":{}},{"jsonrpc":"2.0","id":"1","result":{}}]`,
			`[{"jsonrpc":"2.0","id":"2","result":{}},{"jsonrpc":"2.0","id":1,"result":{}}]`,
		},
		"two alike, as they are": {
			`[{"jsonrpc":"2.0","id":1,"method":"x/y"},{"jsonrpc":"2.0","id":"1","method":"x/y"}]`,
			`[{"jsonrpc":"2.0","id":"1","result":{}},{"jsonrpc":"2.0","id":1,"result":{}}]`,
			`[{"jsonrpc":"2.0","id":"1","result":{}},{"jsonrpc":"2.0","id":1,"result":{}}]`,
		},
		"two alike": {
			`[{"jsonrpc":"2.0","id":1,"method":"x/y"},{"jsonrpc":"2.0","id":"1","method":"x/y"}]`,
			`[{"jsonrpc":"2.0","id":"1","result":{"first":true}},{"jsonrpc":"2.0","id":"1","result":{}}]`,
			`{"jsonrpc":"2.0","id":"1","result":{"first":true}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Version: v03}
			s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
				if len(s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })) == 0 {
					return false
				}
				w.Header().Set("Content-Type", typeJSON)
				fmt.Fprint(w, tt.answer)
				return true
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(tt.send)
				if name == "each" {
					r.response(`"2"`)
				} else if m := r.response(`"1"`); string(m.raw) != tt.want {
					t.Errorf("got %s", m.raw)
				}
				if m := r.response("1"); name == "two alike" {
					r.refused("1", KindMalformed, MayHaveRun)
				} else if string(m.raw) != tt.want {
					t.Errorf("got %s", m.raw)
				}
			})
		})
	}
}

func TestIDsInAnotherFormOnTheListeningStream(t *testing.T) {
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.WriteHeader(http.StatusAccepted)
	})}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		time.Sleep(10 * time.Second)
		emit(w, data(result([]byte(`"1 "`), `{"nobody's":true}`)), data(result([]byte(`"2"`), `{}`)), data(result([]byte(`"1"`), `{"s":1}`)), data(result([]byte(`"1"`), `{}`)))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"), call("2", "x"), call(`"1"`, "x"))
		for id, want := range map[string]string{"1": `{}`, "2": `{}`, `"1"`: `{"s":1}`} {
			if m := r.response(id); string(m.raw) != result([]byte(id), want) {
				t.Errorf("got %s", m.raw)
			}
		}
	})
}
