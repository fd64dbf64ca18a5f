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

// onResume makes a hook for GET requests with an event id; the others are
// refused.
func onResume(f func(w http.ResponseWriter, r *http.Request, id string)) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		id := r.Header.Get("Last-Event-ID")
		if id == "" {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return true
		}
		f(w, r, id)
		return true
	}
}

func gets(s *mcpServer) []recorded {
	return s.seen(func(q recorded) bool { return q.HTTP == "GET" && q.Header.Get("Last-Event-ID") != "" })
}

// A stream that was primed and closed is polled at the server's pace; the
// conformance suite allows from 50 ms less to 200 ms more (transport.md B10, 1F).
func TestResumePolling(t *testing.T) {
	var at []time.Time
	s := &mcpServer{}
	s.Post = onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, "id: p0\nretry: 700\ndata:\n\n")
		at = append(at, time.Now())
	})
	s.Get = onResume(func(w http.ResponseWriter, r *http.Request, id string) {
		at = append(at, time.Now())
		startStream(w)
		if id != "p19" {
			var n int
			_, _ = fmt.Sscanf(id, "p%d", &n)
			emit(w, fmt.Sprintf("id: p%d\ndata:\n\n", n+1))
			return
		}
		emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{}}`), data(result([]byte("1"), `{"done":true}`)))
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		at = nil
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); string(m.Result) != `{"done":true}` {
			t.Errorf("got %s", m.raw)
		}
		if m := r.other(); m.Method != methodProgress {
			t.Errorf("got %s", m.raw)
		}
		if len(at) != 21 {
			t.Errorf("%d requests", len(at))
		}
		for i := 1; i < len(at); i++ {
			if d := at[i].Sub(at[i-1]); d < 650*time.Millisecond || d > 900*time.Millisecond {
				t.Errorf("reconnection %d after %v", i, d)
			}
		}
		if q := gets(s)[0]; q.Header.Get(headerSession) != "session-1" || q.Header.Get(headerVersion) != v11 {
			t.Errorf("headers %v", q.Header)
		}
		if n := s.count("tools/call"); n != 1 {
			t.Errorf("%d POSTs", n)
		}
	})
}

// After the response nothing more is read from a stream (transport.md P14).
func TestStreamEndsWithResponse(t *testing.T) {
	open := make(chan time.Duration, 1)
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, "id: a\n", data(result(m.ID, "{}")))
		began := time.Now()
		<-r.Context().Done()
		open <- time.Since(began)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		open = make(chan time.Duration, 1)
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		if took := <-open; took != defaultTiming.drain {
			t.Errorf("the stream was open for %v", took)
		}
		time.Sleep(time.Minute)
		if n := len(gets(s)); n != 0 {
			t.Errorf("%d resumptions", n)
		}
	})
}

// Where a stream cannot be resumed, its request is answered and the session
// goes on (transport.md F-10).
func TestResumeFails(t *testing.T) {
	prime := "id: a1\ndata:\n\n"
	tests := []struct {
		name  string
		first string
		get   func(w http.ResponseWriter, r *http.Request, id string)
		gets  int
		limit time.Duration
	}{
		{"no event id", ": hello\n\n", nil, 0, 0},
		{"id was reset", prime + "id:\ndata:\n\n", nil, 0, 0},
		{"id of an unfinished event", "id: a1\n", nil, 0, 0},
		{"405", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(405) }, 1, 2 * time.Second},
		{"204", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(204) }, 1, 2 * time.Second},
		{"400", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(400) }, 1, 2 * time.Second},
		{"404 but the session lives", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(404) }, 1, 2 * time.Second},
		{"not a stream", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { respond(w, []byte("1"), "{}") }, 1, 2 * time.Second},
		{"502 for ever", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(502) }, 5, 20 * time.Second},
		{"reset for ever", prime, func(http.ResponseWriter, *http.Request, string) { abort() }, 5, 20 * time.Second},
		{"empty streams for ever", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { startStream(w) }, 5, 20 * time.Second},
		{"slow empty streams", prime, func(w http.ResponseWriter, _ *http.Request, _ string) { startStream(w); time.Sleep(25 * time.Second) }, 3, 90 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				startStream(w)
				emit(w, tt.first)
			})}
			s.Get = onResume(tt.get)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				began := time.Now()
				r.send(call("1", "x"))
				r.refused("1", kindStreamLost, MayHaveRun)
				if d := time.Since(began); d > tt.limit {
					t.Errorf("took %v", d)
				}
				// net/http repeats a GET on a reused connection by itself.
				if n := len(gets(s)); n != tt.gets && (n < tt.gets || tt.name != "reset for ever") {
					t.Errorf("%d GET requests, want %d", n, tt.gets)
				}
				r.send(`{"jsonrpc":"2.0","id":2,"method":"ping"}`)
				if m := r.response("2"); m.Result == nil {
					t.Errorf("got %s", m.raw)
				}
				if s.sessions != 1 || s.count("tools/call") != 1 || s.count(methodCancelled) != 0 {
					t.Errorf("the server got %v", s.methods())
				}
			})
		})
	}
}

// Every piece of progress, an id or data, starts the count anew.
func TestResumeCountsWithoutProgressOnly(t *testing.T) {
	var n atomic.Int32
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, "id: a\ndata:\n\n")
	})}
	s.Get = onResume(func(w http.ResponseWriter, r *http.Request, id string) {
		switch i := n.Add(1); {
		case i%4 == 0:
			startStream(w)
			emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{}}`))
		case i < 30:
			w.WriteHeader(503)
		default:
			startStream(w)
			emit(w, data(result([]byte("1"), `{}`)))
		}
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		n.Store(0)
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Result == nil {
			t.Errorf("got %s", m.raw)
		}
	})
}

// The stream of a cancelled request is not taken up again.
func TestResumeNotAfterCancel(t *testing.T) {
	cut := make(chan struct{})
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, "id: a\ndata:\n\n")
		<-cut
	})}
	s.Get = onResume(func(w http.ResponseWriter, r *http.Request, id string) { startStream(w) })
	bubble(t, s, func(t *testing.T, r *rig) {
		cut = make(chan struct{})
		r.hello()
		r.send(call("1", "x"))
		synctest.Wait()
		r.send(cancelLine("1"))
		synctest.Wait()
		close(cut)
		time.Sleep(time.Minute)
		if n := len(gets(s)); n != 0 || r.answers("1") != 0 {
			t.Errorf("%d GET requests, %d answers", n, r.answers("1"))
		}
	})
}

// The answer to initialize may come on a stream that breaks, too.
func TestResumeInitialize(t *testing.T) {
	s := &mcpServer{Post: onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.Header().Set(headerSession, "early")
		startStream(w)
		emit(w, "id: i\ndata:\n\n")
	})}
	s.Get = onResume(func(w http.ResponseWriter, r *http.Request, id string) {
		startStream(w)
		emit(w, data(result([]byte("0"), `{"protocolVersion":"2025-11-25","capabilities":{}}`)))
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		for _, q := range s.seen(func(q recorded) bool { return q.Method == "tools/call" || q.HTTP == "GET" }) {
			if q.Header.Get(headerSession) != "early" {
				t.Errorf("%s: session %q", q.HTTP, q.Header.Get(headerSession))
			}
		}
	})
}

// In the modern era nothing is resumed (transport.md F-11, M1); what is only
// read is asked for again under an id of the bridge's own.
func TestModernStreamLost(t *testing.T) {
	var n atomic.Int32
	s := &mcpServer{Post: onPost("tools/call tools/list", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if m.Method == "tools/list" && n.Add(1) == 2 {
			startStream(w)
			emit(w, data(result(m.ID, `{"tools":[]}`)))
			return
		}
		startStream(w)
		emit(w, "id: a\nretry: 10\ndata:\n\n")
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		n.Store(0)
		r.send(modern("1", "tools/call", `"name":"x"`))
		r.refused("1", kindStreamLost, MayHaveRun)
		r.send(modern("2", "tools/list", ""))
		if m := r.response("2"); string(m.raw) != result([]byte("2"), `{"tools":[]}`) {
			t.Errorf("got %s", m.raw)
		}
		if got := strings.Join(s.methods(), " "); got != "tools/call tools/list tools/list" {
			t.Errorf("the server got %s", got)
		}
		if n := s.count("GET"); n != 0 {
			t.Errorf("%d GET requests", n)
		}
	})
}
