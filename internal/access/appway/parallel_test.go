// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: many requests are in flight when the proxy has forgotten the app
// session, and when there are too many for one connection each.

package appway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge"
)

// handshakeTime is how long the proxy waits for a handshake, at least.
const handshakeTime = 10 * time.Second

// together makes n calls at once and reports those that fail. On a machine too busy for
// hundreds of handshakes in the time that the proxy gives them, what that hangs up on
// then is made again, as a bridge does.
func (s *stage) together(w *Way, n int) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	start := make(chan struct{})
	var began time.Time
	var all sync.WaitGroup
	var failed atomic.Int64
	for i := range n {
		all.Go(func() {
			<-start
			_, err := call(ctx, w, i)
			for errors.Is(err, io.EOF) && time.Since(began) >= handshakeTime && ctx.Err() == nil {
				_, err = call(ctx, w, i)
			}
			if err != nil && failed.Add(1) == 1 {
				s.Errorf("call %d: %v", i, err)
			}
		})
	}
	began = time.Now()
	close(start)
	all.Wait()
	if f := failed.Load(); f > 0 {
		s.Errorf("%d of %d calls failed", f, n)
	}
}

// TestForgottenSession: all calls succeed after one renewal, however many there
// are, over connections that were kept and over new ones.
func TestForgottenSession(t *testing.T) {
	for _, n := range []int{3, 20, 64, 200} {
		for _, kept := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d in flight, connections kept %v", n, kept), func(t *testing.T) {
				s := newStage(t, nil)
				s.login("alice", time.Hour)
				w := s.way(s.config())
				s.together(w, n)
				if !kept {
					w.CloseIdleConnections()
				}
				s.cluster.KillAllSessions()
				s.together(w, n)
				if got := len(s.cluster.Sessions()); got != 1 {
					t.Errorf("%d app sessions were begun, want one", got)
				}
			})
		}
	}
}

// counted counts the connections that are open, and how many were at most.
type counted struct {
	mu              sync.Mutex
	open, most, all int
}

func (c *counted) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.open++
	c.most = max(c.most, c.open)
	return &countedConn{Conn: conn, of: c}, nil
}

type countedConn struct {
	net.Conn
	of   *counted
	once sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		c.of.open--
	})
	return c.Conn.Close()
}

// TestBurst sends 500 requests at once through a bridge: they share connections.
func TestBurst(t *testing.T) {
	const n = 500
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(5 * time.Millisecond)
		answer(w, r)
	}))
	s.login("alice", time.Hour)
	var count counted
	s.clusters.Dial = count.dial
	w := s.way(s.config())
	in, lines := io.Pipe()
	var out strings.Builder
	done := make(chan error, 1)
	got := make(chan int, 1)
	pr, pw := io.Pipe()
	go func() {
		answers := 0
		buf := make([]byte, 64<<10)
		for answers < n {
			k, err := pr.Read(buf)
			if err != nil {
				break
			}
			out.Write(buf[:k])
			answers += strings.Count(string(buf[:k]), "\n")
		}
		got <- answers
		_, _ = io.Copy(io.Discard, pr)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	go func() {
		defer pw.Close()
		done <- bridge.Run(ctx, bridge.Config{Transport: w, URL: "https://localhost/", In: in, Out: pw, UniqueIDs: true})
	}()
	for i := range n {
		fmt.Fprintf(lines, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"x"}}`+"\n", i)
	}
	if answers := <-got; answers != n {
		t.Errorf("%d answers", answers)
	}
	lines.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if bad := strings.Count(out.String(), `"error"`); bad > 0 {
		t.Errorf("%d of %d failed", bad, n)
	}
	if count.most > 140 { // the transport's 128, and some of gRPC
		t.Errorf("%d connections at once, %d in all", count.most, count.all)
	}
}
