// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// An upstream that is no HTTP, below the same relay: a process at the other end
// of a connection.

package bridge

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// connUpstream has one connection for each session. Messages are lines.
type connUpstream struct {
	dial func() net.Conn

	mu    sync.Mutex
	conns map[string]*connStream
}

func (u *connUpstream) send(_ context.Context, m outgoing) (*answer, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	id := m.session.id
	if m.Method == methodInitialize {
		id = fmt.Sprintf("conn-%d", len(u.conns))
		c := u.dial()
		u.conns[id] = &connStream{Conn: c, lines: bufio.NewScanner(c)}
	}
	c := u.conns[id]
	lost := &Error{Kind: kindSessionLost, Executed: NotExecuted, lost: true}
	if c == nil {
		return nil, lost
	}
	if _, err := fmt.Fprintf(c, "%s\n", m.doc); err != nil {
		return nil, lost
	}
	if m.progress.whole != nil {
		m.progress.begun()
		m.progress.whole()
	}
	switch {
	case m.Method == methodInitialize:
		return &answer{sessionID: id, stream: c}, nil
	case m.expects:
		return &answer{}, nil
	}
	return nil, nil
}

func (u *connUpstream) listen(ctx context.Context, s session, _ *frame.Cursor) (stream, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.conns[s.id]
	context.AfterFunc(ctx, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
	return c, nil
}

func (u *connUpstream) end(_ context.Context, s session) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.conns[s.id].Close()
}

// connStream is what comes on a connection. Its end is one for good.
type connStream struct {
	net.Conn
	lines *bufio.Scanner
}

func (c *connStream) next() (frame.Event, error) {
	if !c.lines.Scan() {
		c.Close()
		return frame.Event{}, &Error{Kind: KindConnectionLost, Executed: MayHaveRun, noStream: true, Err: c.lines.Err()}
	}
	return frame.Event{Data: append([]byte(nil), c.lines.Bytes()...)}, nil
}

func (c *connStream) cursor() *frame.Cursor { return &frame.Cursor{Retry: -1} }
func (c *connStream) finish()               {}
func (c *connStream) close()                {}

// process answers the lines of one connection, and ends when it is told to die.
func process(c net.Conn, seen *logBuffer) {
	defer c.Close()
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		fmt.Fprintf(seen, "%s\n", lines.Bytes())
		m, _ := frame.ParseMessage(lines.Bytes())
		name, _ := frame.LookupString(m.Params, "name")
		switch {
		case name == "die":
			return
		case m.Method == methodInitialize:
			fmt.Fprintf(c, "%s\n", result(m.ID, `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"p","version":"1"}}`))
		case m.Kind == frame.Request:
			fmt.Fprintf(c, "%s\n", result(m.ID, `{}`))
		}
	}
}

// The relay brings requests to a process behind a connection, answers what is in
// flight when that ends, and performs the handshake again on the next one.
func TestUpstreamIsConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var processes sync.WaitGroup
		seen := &logBuffer{}
		u := &connUpstream{conns: map[string]*connStream{}, dial: func() net.Conn {
			here, there := net.Pipe()
			processes.Go(func() { process(there, seen) })
			return here
		}}
		r := startRig(t, newMemory().transport(t), "http://unused.test/", uniqueIDs, func(c *Config) { c.upstream = u })
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Result == nil {
			t.Errorf("got %s", m.raw)
		}
		synctest.Wait()
		began := time.Now()
		r.send(call("2", "die"))
		r.refused("2", KindConnectionLost, MayHaveRun)
		if took := time.Since(began); took > time.Second {
			t.Errorf("told after %v", took)
		}
		for _, id := range []string{"3", "4"} {
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/list"}`, id))
			if m := r.response(id); m.Result == nil {
				t.Errorf("got %s", m.raw)
			}
		}
		r.end()
		processes.Wait()
		if len(u.conns) != 2 {
			t.Errorf("%d connections, want 2:\n%s", len(u.conns), seen)
		}
	})
}
