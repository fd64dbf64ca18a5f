// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// The listening stream opens after notifications/initialized was accepted,
// carries the server's requests, and the client's responses are POSTed
// (transport.md B14, B26).
func TestListeningStream(t *testing.T) {
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		emit(w, "id: 1\n", data(`{"jsonrpc":"2.0","id":"e1","method":"elicitation/create","params":{}}`))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		if m := r.other(); m.Method != "elicitation/create" {
			t.Fatalf("got %s", m.raw)
		}
		r.send(`{"jsonrpc":"2.0","id":"e1","result":{"action":"accept"}}`, `{"jsonrpc":"2.0","id":"e1","result":{}}`, `{"jsonrpc":"2.0","id":9,"result":{}}`)
		synctest.Wait()
		if got := strings.Join(s.methods(), " "); got != "initialize notifications/initialized response" {
			t.Errorf("the server got %s", got)
		}
		get := s.seen(func(q recorded) bool { return q.HTTP == "GET" })
		if len(get) != 1 || get[0].Header.Get("Accept") != typeStream || get[0].Header.Get(headerSession) != "session-1" || get[0].Header.Get(headerVersion) != "2025-11-25" {
			t.Errorf("GET: %+v", get)
		}
	})
}

// A refusal of the stream is final or not, and never touches the requests
// (transport.md B15).
func TestListeningRefused(t *testing.T) {
	tests := []struct {
		status int
		media  string
		again  bool
	}{
		{405, "", false}, {204, "", false}, {400, "", false}, {403, "", false}, {406, "", false}, {501, "", false},
		{200, "text/html", false}, {302, "", false},
		{409, "", true}, {500, "", true}, {502, "", true}, {429, "", true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, tt.media), func(t *testing.T) {
			s := &mcpServer{Get: func(w http.ResponseWriter, r *http.Request) bool {
				w.Header().Set("Content-Type", tt.media)
				w.WriteHeader(tt.status)
				return true
			}}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				time.Sleep(10 * time.Minute)
				n := s.count("GET")
				if tt.again && (n < 15 || n > 40) || !tt.again && n != 1 {
					t.Errorf("%d attempts in 10 minutes", n)
				}
				r.send(call("1", "x"))
				r.response("1")
			})
		})
	}
}

func TestListeningOnlyForLegacyVersions(t *testing.T) {
	s := &mcpServer{Version: "2026-07-28"}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		q := s.seen(func(q recorded) bool { return q.Method == "tools/call" })[0]
		if q.Header.Get(headerMethod) != "tools/call" || q.Header.Get(headerName) != "x" || q.Header.Get(headerVersion) != "2026-07-28" {
			t.Errorf("headers %v", q.Header)
		}
		time.Sleep(time.Minute)
		if n := s.count("GET"); n != 0 {
			t.Errorf("%d GET requests", n)
		}
	})
}

// The version of a draft is no date: a session that has one is like those before it.
func TestListeningForDraftVersions(t *testing.T) {
	for _, version := range []string{"DRAFT-2025-v2", "draft", "v1"} {
		s := &mcpServer{Version: version}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(call("1", "x"))
			r.response("1")
			q := s.seen(func(q recorded) bool { return q.Method == "tools/call" })[0]
			if q.Header.Get(headerMethod) != "" || q.Header.Get(headerVersion) != version {
				t.Errorf("headers %v", q.Header)
			}
			synctest.Wait()
			if n := s.count("GET"); n != 1 {
				t.Errorf("%s: %d GET requests", version, n)
			}
		})
	}
}

// The listening stream comes back for ever, from where it was (transport.md B17, 1F).
func TestListeningComesBack(t *testing.T) {
	var n atomic.Int32
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		i := n.Add(1)
		startStream(w)
		emit(w, fmt.Sprintf("id: ev%d\nretry: 3000\n", i), data(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"data":%d}}`, i)))
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		began := time.Now()
		for range 5 {
			r.other()
		}
		if d := time.Since(began); d < 12*time.Second || d > 12200*time.Millisecond {
			t.Errorf("four reconnections took %v", d)
		}
		get := s.seen(func(q recorded) bool { return q.HTTP == "GET" })
		if id := get[3].Header.Get("Last-Event-ID"); id != "ev3" {
			t.Errorf("Last-Event-ID %q", id)
		}
	})
}

// A server may accept a request with 202 and answer on the listening stream
// (transport.md B16, F-19).
func TestAnswerOnListeningStream(t *testing.T) {
	ids := make(chan string, 1)
	s := &mcpServer{}
	s.Post = onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.WriteHeader(http.StatusAccepted)
		ids <- string(m.ID)
	})
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		id := <-ids
		emit(w, data(result([]byte(id), `{"late":true}`)), data(result([]byte(`77`), `{}`)))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		ids = make(chan string, 1)
		r.hello()
		r.send(call("4", "x"))
		if m := r.response("4"); string(m.Result) != `{"late":true}` {
			t.Errorf("got %s", m.raw)
		}
		synctest.Wait()
		if r.answers("77") != 0 {
			t.Error("an unknown response was passed on")
		}
	})
}

// A request that is accepted without a response is answered once one would be
// there: after 202 it is promised, after 200 or 204 it could only be under way.
// Without a listening stream it cannot come at all.
func TestNoAnswerAtAll(t *testing.T) {
	for _, tt := range []struct {
		status int
		deaf   bool
		wait   time.Duration
	}{
		{http.StatusAccepted, false, defaultTiming.promised},
		{http.StatusOK, false, defaultTiming.unpromised},
		{http.StatusNoContent, false, defaultTiming.unpromised},
		{http.StatusOK, true, 0},
		{http.StatusAccepted, true, 0},
	} {
		t.Run(fmt.Sprintf("%d, deaf %v", tt.status, tt.deaf), func(t *testing.T) {
			s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				w.Header().Set("Content-Type", typeJSON)
				w.WriteHeader(tt.status)
			})}
			s.Get = func(w http.ResponseWriter, r *http.Request) bool {
				if tt.deaf {
					return false
				}
				startStream(w)
				<-r.Context().Done()
				return true
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				synctest.Wait()
				began := time.Now()
				r.send(call("1", "x"))
				f := r.refused("1", kindNoResponse, MayHaveRun)
				if d := time.Since(began); d != tt.wait || f.Data.HTTPStatus != tt.status || !strings.Contains(f.Message, "the server sent no response") {
					t.Errorf("answered after %v: %+v", d, f)
				}
			})
		})
	}
}

// Requests behind notifications/initialized wait for the first answer to the
// GET, because servers drop what they ask while nobody listens; but not for
// long.
func TestRequestsWaitForTheListeningStream(t *testing.T) {
	for name, tt := range map[string]struct{ headers, call time.Duration }{
		"open":        {300 * time.Millisecond, 300 * time.Millisecond},
		"slow to say": {time.Hour, defaultTiming.streamWait},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{}
			s.Get = func(w http.ResponseWriter, r *http.Request) bool {
				select {
				case <-time.After(tt.headers):
					startStream(w)
					<-r.Context().Done()
				case <-r.Context().Done():
				}
				return true
			}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.send(initializeLine)
				r.response("0")
				began := time.Now()
				r.send(initializedLine, call("1", "x"))
				r.response("1")
				if d := time.Since(began); d != tt.call {
					t.Errorf("the call went out after %v, want %v", d, tt.call)
				}
			})
		})
	}
}

// An event id that cannot be sent back does not end the listening.
func TestListenAfterAnIDThatNoHeaderTakes(t *testing.T) {
	var resumed []string
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		resumed = append(resumed, r.Header.Get(headerEventID))
		startStream(w)
		emit(w, fmt.Sprintf("id: a\x1b%d\n", len(resumed)), data(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/n%d"}`, len(resumed))))
		if len(resumed) == 3 {
			<-r.Context().Done()
		}
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		resumed = nil
		r.hello()
		for n := 1; n <= 3; n++ {
			if got := r.other().Method; got != fmt.Sprintf("notifications/n%d", n) {
				t.Errorf("got %s", got)
			}
		}
		if strings.Join(resumed, "") != "" {
			t.Errorf("resumed at %q", resumed)
		}
	})
}
