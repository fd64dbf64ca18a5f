// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// flaky fails the first n requests with a method, and then lets them pass.
func flaky(n int32, method string, fail func(w http.ResponseWriter, r *http.Request, m frame.Message)) *mcpServer {
	var left atomic.Int32
	left.Store(n)
	return &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method != method || left.Add(-1) < 0 {
			return false
		}
		fail(w, r, m)
		return true
	}}
}

// What is only read is asked for again after a failure of class C, what acts
// never (2.1, retry rule).
func TestRetryByClass(t *testing.T) {
	broken := func(http.ResponseWriter, *http.Request, frame.Message) { abort() }
	cut := func(w http.ResponseWriter, _ *http.Request, _ frame.Message) { startStream(w) }
	truncated := func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
		w.Header().Set("Content-Type", typeJSON)
		w.Header().Set("Content-Length", "100")
		emit(w, "{")
	}
	tests := []struct {
		name   string
		method string
		fails  int32
		fail   func(w http.ResponseWriter, r *http.Request, m frame.Message)
		posts  int
		ok     bool
		took   time.Duration
	}{
		{"500 on a list", "tools/list", 2, status(500), 3, true, 1200 * time.Millisecond},
		{"500 for ever", "tools/list", 9, status(500), 3, false, 1200 * time.Millisecond},
		{"reset on a list", "prompts/list", 1, broken, 2, true, 200 * time.Millisecond},
		{"cut stream on a list", "resources/list", 1, cut, 2, true, 200 * time.Millisecond},
		{"truncated list", "resources/templates/list", 1, truncated, 2, true, 200 * time.Millisecond},
		{"malformed list", "tools/list", 1, body(200, typeJSON, "{"), 1, false, 0},
		{"403 on a list", "tools/list", 1, status(403), 1, false, 0},
		{"400 on a list", "tools/list", 1, status(400), 1, false, 0},
		{"500 on a call", "tools/call", 1, status(500), 1, false, 0},
		{"reset on a call", "tools/call", 1, broken, 1, false, 0},
		{"reset on an unknown method", "x/y", 1, broken, 1, false, 0},
		{"503 with Retry-After on a call", "tools/call", 1, status(503, "Retry-After", "2"), 1, false, 0},
		{"503 with Retry-After on a list", "tools/list", 1, status(503, "Retry-After", "2"), 2, true, 2 * time.Second},
		{"503 with a long Retry-After", "tools/list", 1, status(503, "Retry-After", "6"), 1, false, 0},
		{"429 with Retry-After on a call", "tools/call", 1, status(429, "Retry-After", "3"), 2, true, 3 * time.Second},
		{"429 with a long Retry-After", "tools/call", 1, status(429, "Retry-After", "30"), 1, false, 0},
		{"429 without", "tools/call", 1, status(429), 1, false, 0},
		{"429 for ever", "tools/call", 9, status(429, "Retry-After", "1"), 3, false, 2 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := flaky(tt.fails, tt.method, tt.fail)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				synctest.Wait()
				began := time.Now()
				r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":"me","method":%q,"params":{}}`, tt.method))
				m := r.response(`"me"`)
				if ok := m.Result != nil; ok != tt.ok {
					t.Errorf("got %s", m.raw)
				}
				if d := time.Since(began); d != tt.took {
					t.Errorf("took %v, want %v", d, tt.took)
				}
				posts := s.seen(func(q recorded) bool { return q.Method == tt.method })
				if len(posts) != tt.posts {
					t.Errorf("%d POSTs, want %d", len(posts), tt.posts)
				}
				if !tt.ok {
					if f := r.failure(`"me"`); f.Data.Attempts != tt.posts {
						t.Errorf("attempts %d, want %d", f.Data.Attempts, tt.posts)
					}
				}
				checkWireIDs(t, posts)
			})
		})
	}
}

// checkWireIDs checks that no id that may have been executed is used again.
func checkWireIDs(t *testing.T, posts []recorded) {
	t.Helper()
	seen := map[string]bool{}
	for _, q := range posts {
		id := string(frame.Lookup([]byte(q.Body), "id"))
		if seen[id] && q.Method != "tools/call" { // a call is repeated only if it was refused
			t.Errorf("id %s was sent twice", id)
		}
		seen[id] = true
	}
}

func TestRetryAfterValues(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"0": 0, " 5 ": 5 * time.Second, "99999999999": 1 << 20 * time.Second, now.Add(4 * time.Second).Format(http.TimeFormat): 4 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat): 0,
	} {
		if got, ok := retryAfter(value, now); !ok || got != want {
			t.Errorf("%q: %v", value, got)
		}
	}
	for _, bad := range []string{"", "soon", "-1", "1.5"} {
		if _, ok := retryAfter(bad, now); ok {
			t.Errorf("%q was understood", bad)
		}
	}
}

// What a server wants waited for is told as far as it makes sense.
func TestSensibleWait(t *testing.T) {
	now := time.Now().UTC()
	soon := now.Add(time.Hour).Format(http.TimeFormat)
	for value, want := range map[string]string{
		"0": "0", " 5 ": "5", "86400": "86400", "86401": "86400", "99999999999": "86400", strings.Repeat("9", 5000): "",
		"-5": "", "1.5": "", "1e9": "", "soon": "", "+3": "", soon: soon, now.AddDate(100, 0, 0).Format(http.TimeFormat): "86400",
	} {
		for _, code := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			resp := &http.Response{StatusCode: code, Header: http.Header{"Retry-After": {value}}, Request: &http.Request{}}
			if got := statusError(resp).RetryAfter; got != want {
				t.Errorf("%d, %.20q: told %q, want %q", code, value, got, want)
			}
		}
	}
}

// unreachable is a network that is down for a while.
type unreachable struct {
	*memory
	until time.Time
	dials atomic.Int32
	hang  bool
}

func (u *unreachable) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	u.dials.Add(1)
	if time.Now().Before(u.until) {
		if u.hang {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	}
	return u.memory.dial(ctx, network, addr)
}

// Nothing was sent, so everything may be tried again, for a while
// (transport.md F-1).
func TestUnreachable(t *testing.T) {
	tests := []struct {
		name  string
		down  time.Duration
		hang  bool
		send  string
		ok    bool
		limit time.Duration
	}{
		{"initialize waits for the server", 15 * time.Second, false, initializeLine, true, 20 * time.Second},
		{"initialize gives up", time.Hour, false, initializeLine, false, 25 * time.Second},
		{"initialize in a black hole", time.Hour, true, initializeLine, false, 25 * time.Second},
		{"a probe waits for the server", 15 * time.Second, false, modern("0", methodDiscover, ""), true, 20 * time.Second},
		{"a probe gives up", time.Hour, false, modern("0", methodDiscover, ""), false, 20 * time.Second},
		{"a call is tried three times", time.Hour, false, call("0", "x"), false, 2 * time.Second},
		{"a command does not wait", time.Hour, false, modern("0", methodDiscover, ""), false, 2 * time.Second},
		{"a call passes after a second", time.Second, false, call("0", "x"), true, 2 * time.Second},
		{"a call in a black hole", time.Hour, true, call("0", "x"), false, 11 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mcpServer{}
				net := &unreachable{memory: newMemory(), until: time.Now().Add(tt.down), hang: tt.hang}
				net.serve(t, s)
				tr := net.transport(t)
				tr.DialContext = net.dial
				r := startRig(t, tr, "http://server.test", func(c *Config) { c.Brief = strings.HasPrefix(tt.name, "a command") })
				began := time.Now()
				r.send(tt.send)
				if m := r.response("0"); tt.ok != (m.Result != nil) {
					t.Errorf("got %s", m.raw)
				}
				if d := time.Since(began); d > tt.limit {
					t.Errorf("took %v", d)
				}
				if !tt.ok {
					f := r.refused("0", KindUnreachable, NotExecuted)
					if !f.Data.Retryable || strings.Contains(tt.name, "three times") && f.Data.Attempts != 3 {
						t.Errorf("got %+v", f)
					}
					if n := s.count("POST"); n != 0 {
						t.Errorf("%d POSTs", n)
					}
				}
				time.Sleep(time.Until(net.until)) // the next message finds the server again
				r.send(call("1", "x"))
				if m := r.response("1"); m.Result == nil {
					t.Errorf("afterwards: %s", m.raw)
				}
				r.end()
			})
		})
	}
}

// Once an attempt may have been executed, no later one can take that back.
func TestUnsureStaysUnsure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &unreachable{memory: newMemory()}
		s := &mcpServer{Post: onPost("tools/list", func(http.ResponseWriter, *http.Request, frame.Message) {
			net.until = time.Now().Add(time.Hour)
			abort()
		})}
		net.serve(t, s)
		tr := net.transport(t)
		tr.DialContext, tr.DisableKeepAlives = net.dial, true
		r := startRig(t, tr, "http://server.test")
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
		if f := r.refused("1", KindUnreachable, MayHaveRun); f.Data.Attempts != 3 {
			t.Errorf("%d attempts", f.Data.Attempts)
		}
		r.end()
	})
}

// Gateways in trouble are no sign of a legacy server, and a plain refusal is one
// at once (transport.md 1G).
func TestProbe(t *testing.T) {
	tests := []struct {
		name  string
		fail  func(w http.ResponseWriter, r *http.Request, m frame.Message)
		fails int32
		ok    bool
		took  time.Duration
		code  int
	}{
		{"502 passes", status(502), 4, true, 7200 * time.Millisecond, 0},
		{"503 for ever", status(503, "Retry-After", "1"), 99, false, 20 * time.Second, codeInternal},
		{"429 passes", status(429, "Retry-After", "8"), 1, true, 8 * time.Second, 0},
		{"500", status(500), 9, false, 1200 * time.Millisecond, codeInternal},
		{"404", status(404), 9, false, 0, codeNoMethod},
		{"405", status(405), 9, false, 0, codeNoMethod},
		{"400 text", status(400), 9, false, 0, codeNoMethod},
		{"406", status(406), 9, false, 0, codeNoMethod},
		{"401", status(401), 9, false, 0, codeInternal},
		{"403", status(403), 9, false, 0, codeInternal},
		{"null id", body(400, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request: no session"}}`), 9, false, 0, -32000},
		{"null id and a reserved code", body(400, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32022,"message":"m"}}`), 9, false, 0, codeNoMethod},
		{"own id and a reserved code", body(400, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"m","data":{"supported":["2026-07-28"]}}}`), 9, false, 0, -32022},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, flaky(tt.fails, methodDiscover, tt.fail), func(t *testing.T, r *rig) {
				began := time.Now()
				r.send(modern("0", methodDiscover, ""))
				m := r.response("0")
				if d := time.Since(began); d < tt.took || d > tt.took+4*time.Second {
					t.Errorf("took %v", d)
				}
				if tt.ok {
					if m.Result == nil {
						t.Errorf("got %s", m.raw)
					}
					return
				}
				if f := r.failure("0"); f.Code != tt.code {
					t.Errorf("code %d, want %d: %s", f.Code, tt.code, m.raw)
				}
			})
		})
	}
}

// A limit of the bridge's own, if asked for (transport.md F-13).
func TestRequestTimeout(t *testing.T) {
	limit := func(c *Config) { c.RequestTimeout = 5 * time.Second }
	t.Run("legacy", func(t *testing.T) {
		s := hang("tools/call")
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(call("1", "x"), `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"x","task":{}}}`)
			r.refused("1", KindTimeout, MayHaveRun)
			r.refused("2", KindTimeout, MayHaveRun)
			synctest.Wait()
			cancels := s.seen(func(q recorded) bool { return q.Method == methodCancelled })
			if len(cancels) != 1 || string(frame.Lookup([]byte(cancels[0].Body), "params", "requestId")) != "1" {
				t.Errorf("cancels: %v", cancels)
			}
			r.send(`{"jsonrpc":"2.0","id":3,"method":"ping"}`)
			r.response("3")
		}, limit)
	})
	t.Run("initialize", func(t *testing.T) {
		s := hang(methodInitialize)
		bubble(t, s, func(t *testing.T, r *rig) {
			r.send(initializeLine)
			r.refused("0", KindTimeout, MayHaveRun)
			if n := s.count(methodCancelled); n != 0 {
				t.Errorf("%d cancels", n)
			}
		}, limit)
	})
	t.Run("modern", func(t *testing.T) {
		gone := make(chan struct{})
		s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
			<-r.Context().Done()
			close(gone)
		})}
		bubble(t, s, func(t *testing.T, r *rig) {
			gone = make(chan struct{})
			r.send(modern("1", "tools/call", `"name":"x"`))
			r.refused("1", KindTimeout, MayHaveRun)
			<-gone
			if n := s.count("POST"); n != 1 {
				t.Errorf("%d POSTs", n)
			}
		}, limit)
	})
}

// After a sleep of the machine the idle connections are closed before the next
// request.
func TestClockJump(t *testing.T) {
	var offset atomic.Int64
	closed := 0
	bubble(t, &mcpServer{}, func(t *testing.T, r *rig) {
		r.hello()
		time.Sleep(time.Hour)
		r.send(call("1", "x"))
		r.response("1")
		if closed != 0 {
			t.Error("closed without a jump")
		}
		offset.Store(int64(time.Hour))
		r.send(call("2", "x"))
		r.response("2")
		if closed != 1 {
			t.Errorf("closed %d times", closed)
		}
	}, func(c *Config) {
		c.CloseIdle = func() { closed++ }
		c.now = func() func() instant {
			base := newNow()
			return func() instant {
				i := base()
				i.wall = i.wall.Add(time.Duration(offset.Load()))
				return i
			}
		}()
	})
}

// A panic answers its request and nothing else happens (transport.md F-26).
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := newMemory()
		net.serve(t, &mcpServer{})
		r := startRig(t, panicky{net.transport(t)}, "http://server.test")
		r.hello()
		r.send(call("1", "panic"), `{"jsonrpc":"2.0","method":"notifications/panic"}`)
		f := r.refused("1", kindInternal, NotExecuted)
		if f.Code != codeInternal || strings.Contains(f.Message, "goroutine") {
			t.Errorf("got %+v", f)
		}
		r.send(call("2", "x"))
		r.response("2")
		if !strings.Contains(r.log.String(), "retry_test.go") {
			t.Error("the stack is not in the log")
		}
		r.log.reset()
		r.end()
	})
}

type panicky struct{ http.RoundTripper }

func (p panicky) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		buf := make([]byte, 1000)
		n, _ := r.Body.Read(buf)
		if strings.Contains(string(buf[:n]), "panic") {
			panic("oh no")
		}
		r.Body, _ = r.GetBody()
	}
	return p.RoundTripper.RoundTrip(r)
}
