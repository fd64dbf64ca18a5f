// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what the bridge holds, and does side by side, when much comes at
// once.

package bridge

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// flooding is a server that lets notifications/hang hang for most of the time
// that a notification may take, and what is called long without end.
func flooding() *mcpServer {
	return &mcpServer{Post: onPost("notifications/hang tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		name, _ := frame.LookupString(m.Params, "name")
		switch {
		case m.Method == methodCall && name != "long":
			respond(w, m.ID, `{}`)
		case m.Method == methodCall:
			startStream(w)
			<-r.Context().Done()
		default:
			time.Sleep(9 * time.Second)
			w.WriteHeader(http.StatusAccepted)
		}
	})}
}

// pour writes notifications until all are written or quit is closed, and counts.
func (r *rig) pour(n int, size int) (written *atomic.Int64, done chan struct{}) {
	written, done = new(atomic.Int64), make(chan struct{})
	pad := strings.Repeat("x", size)
	go func() {
		defer close(done)
		for i := range n {
			if _, err := fmt.Fprintf(r.in, `{"jsonrpc":"2.0","method":"notifications/x","params":{"n":%d,"pad":%q}}`+"\n", i, pad); err != nil {
				return
			}
			written.Add(1)
		}
	}()
	return written, done
}

// Notifications behind one that hangs are held in bounded number and size:
// reading waits. All of them arrive in the end, in order.
func TestLaneIsBounded(t *testing.T) {
	for name, tt := range map[string]struct{ n, size, most int }{
		"many":  {n: 20_000, size: 10, most: 2000},
		"large": {n: 400, size: 100_000, most: 100},
	} {
		t.Run(name, func(t *testing.T) {
			s := flooding()
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(`{"jsonrpc":"2.0","method":"notifications/hang"}`)
				written, done := r.pour(tt.n, tt.size)
				synctest.Wait()
				if n := written.Load(); n > int64(tt.most) {
					t.Errorf("%d of %d notifications were read while one hung, at most %d wanted", n, tt.n, tt.most)
				}
				<-done
				time.Sleep(time.Minute)
				synctest.Wait()
				if n := s.count("notifications/x"); n != tt.n {
					t.Errorf("%d of %d notifications arrived", n, tt.n)
				}
				for i, q := range s.seen(func(q recorded) bool { return q.Method == "notifications/x" }) {
					if n := string(frame.Lookup([]byte(q.Body), "params", "n")); n != strconv.Itoa(i) {
						t.Fatalf("notification %s came as number %d", n, i)
					}
				}
			})
		})
	}
}

// What a flood takes is freed memory, not a hundred megabytes.
func TestFloodTakesLittleMemory(t *testing.T) {
	var before, after runtime.MemStats
	bubble(t, flooding(), func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","method":"notifications/hang"}`)
		runtime.GC()
		runtime.ReadMemStats(&before)
		r.pour(300_000, 60)
		synctest.Wait()
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
			t.Errorf("300000 notifications behind one that hangs take %d MB", grown>>20)
		}
		r.stop() // what is held is given up
	})
}

// A cancel reaches the server although a notification hangs and more are held
// than the lane takes.
func TestCancelPassesFullLane(t *testing.T) {
	s := flooding()
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "long"))
		synctest.Wait()
		r.send(`{"jsonrpc":"2.0","method":"notifications/hang"}`)
		synctest.Wait()
		r.pour(maxLane+20, 10)
		synctest.Wait()
		began := time.Now()
		r.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
		synctest.Wait()
		if n := s.count(methodCancelled); n != 1 || time.Since(began) > time.Second {
			t.Errorf("%d cancels after %v", n, time.Since(began))
		}
	})
}

// Requests that were read behind a full lane are answered at the end like all
// others.
func TestEndBehindFullLane(t *testing.T) {
	bubble(t, flooding(), func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","method":"notifications/hang"}`)
		synctest.Wait()
		_, done := r.pour(maxLane+20, 10)
		<-done
		r.send(call("1", "late"))
		r.end()
		if r.answers("1") != 1 {
			t.Errorf("%d answers", r.answers("1"))
		}
	})
}

// A burst of calls shares a bounded number of connections.
func TestBurstSharesConnections(t *testing.T) {
	var opened, now, most atomic.Int64
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		now.Add(-1)
		respond(w, m.ID, `{}`)
	})}
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	tr := srv.Client().Transport.(*http.Transport)
	tr.MaxIdleConnsPerHost = maxAtOnce // as many are kept as may be in use
	r := startRig(t, tr, srv.URL, func(c *Config) {
		patient := defaultTiming
		patient.turn = time.Minute // a slow machine is no long call
		c.timing = &patient
	})
	r.hello()
	const burst = 500
	for i := 1; i <= burst; i++ {
		r.send(call(strconv.Itoa(i), "x"))
	}
	for i := 1; i <= burst; i++ {
		if m := r.response(strconv.Itoa(i)); m.Result == nil {
			t.Fatalf("got %s", m.raw)
		}
	}
	r.end()
	if n := most.Load(); n > maxAtOnce {
		t.Errorf("%d calls at once, at most %d wanted", n, maxAtOnce)
	}
	// Some are dialled for a request that then gets one that has become free.
	if n := opened.Load(); n > burst/2 {
		t.Errorf("%d connections for %d calls", n, burst)
	}
}

// Calls that take long free some space for others, and so does the listening stream.
func TestLongCallsDoNotStarveOthers(t *testing.T) {
	s := &mcpServer{
		Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
			if name, _ := frame.LookupString(m.Params, "name"); name == "long" {
				<-r.Context().Done()
				return
			}
			respond(w, m.ID, `{}`)
		}),
		Get: func(w http.ResponseWriter, r *http.Request) bool {
			startStream(w)
			<-r.Context().Done()
			return true
		},
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i := range 3 * maxAtOnce {
			r.send(call(fmt.Sprintf(`"long%d"`, i), "long"))
		}
		synctest.Wait()
		began := time.Now()
		r.send(call("1", "short"))
		r.response("1")
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("a call waited %v behind %d that take long", took, 3*maxAtOnce)
		}
	})
}
