// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// behind is the proxy at the other end of a connection that somebody else keeps up.
type behind struct {
	net.Conn
	gone    chan struct{} // the path to it is dead
	answers bool          // pings of the client
	pings   bool          // by itself
}

// live reads what comes, and says what it would, for as long as the path is there.
func (b *behind) live(websocket bool) {
	go func() {
		in := bufio.NewReader(b)
		for {
			head, err := in.Peek(6)
			if err != nil {
				return
			}
			op, n := head[0]&0xf, int(head[1]&0x7f)
			if _, err := in.Discard(6 + n); err != nil {
				return
			}
			if op == opPing && b.answers && !b.cut() {
				_, _ = b.Write(serverFrame(0x8a, ""))
			}
		}
	}()
	if !b.pings {
		return
	}
	ping := []byte{0, 0, 0, 0}
	if websocket {
		ping = serverFrame(0x89, "teleport")
	}
	go func() {
		for {
			select {
			case <-time.After(serverPings):
				_, _ = b.Write(ping)
			case <-b.gone:
				return
			}
		}
	}()
}

func (b *behind) cut() bool {
	select {
	case <-b.gone:
		return true
	default:
		return false
	}
}

// A path that is dead behind somebody who keeps the connection up is noticed, and one
// over which nothing but signs of life come is not.
func TestDeadBehind(t *testing.T) {
	for _, tt := range []struct {
		name           string
		websocket      bool
		answers, pings bool
		within         time.Duration
	}{
		{"upgraded", true, true, true, 30 * time.Second},
		{"upgraded, of a proxy that says nothing unasked", true, true, false, 30 * time.Second},
		{"upgraded, of a proxy that answers no ping", true, false, true, 50 * time.Second},
		{"raw app", false, false, true, 50 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				proxy := &behind{Conn: there, gone: make(chan struct{}), answers: tt.answers, pings: tt.pings}
				quiet := newQuietConn(here)
				var conn net.Conn = newPingConn(quiet)
				over := func(d time.Duration) bool { return d >= pingsLimit }
				if tt.websocket {
					ws := &wsConn{Conn: quiet, in: bufio.NewReader(quiet)}
					conn, over = ws, ws.over
				}
				watched := make(chan struct{})
				go func() { defer close(watched); quiet.watch(over) }()
				defer func() { conn.Close(); there.Close(); <-watched }()
				proxy.live(tt.websocket)
				ended := make(chan error, 1)
				go func() { _, err := conn.Read(make([]byte, 1)); ended <- err }()
				select {
				case err := <-ended:
					t.Fatalf("a call that takes long: %v", err)
				case <-time.After(time.Hour + time.Second):
				}
				began := time.Now()
				close(proxy.gone)
				if err := <-ended; !errors.Is(err, errnoTimedOut) {
					t.Errorf("got %v", err)
				}
				if took := time.Since(began); took > tt.within {
					t.Errorf("noticed after %v", took)
				}
			})
		})
	}
}

// Where nobody reads nothing is known, so nothing ends; and a close ends the watch.
func TestNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		go io.Copy(io.Discard, there)
		quiet := newQuietConn(here)
		ws := &wsConn{Conn: quiet, in: bufio.NewReader(quiet)}
		watched := make(chan struct{})
		go func() { defer close(watched); quiet.watch(ws.over) }()
		time.Sleep(time.Hour)
		if _, err := ws.Write([]byte("x")); err != nil {
			t.Error(err)
		}
		ws.Close()
		there.Close()
		<-watched
	})
}
