// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// fakeRaw is the way to processes that the test plays.
type fakeRaw struct {
	serve  func(p *process, m frame.Message) // one message; nil: answer
	begin  func(p *process)                  // of a connection; nil: nothing
	dial   func(n int) error                 // of the nth, counted from 1
	why    func(n int, refusal string) error
	http   bool
	aged   atomic.Int32      // how many of the first connections are outdated
	ends   error             // what a connection ends with that a process closes; nil: its end
	wrote  func(line []byte) // what this side wrote has arrived; nil: nothing
	closes func()            // this side closes a connection; nil: nothing

	mu    sync.Mutex
	all   []*process
	dials int
	work  sync.WaitGroup
}

// process is what is at the other end of a connection.
type process struct {
	net.Conn
	raw  *fakeRaw
	n    int
	mu   sync.Mutex
	seen []string
	gone chan struct{}
}

func (f *fakeRaw) IsRaw(context.Context, string) (bool, error) { return !f.http, nil }

func (f *fakeRaw) Dial(_ context.Context, _ string, _ time.Duration) (Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dials++
	if f.dial != nil {
		if err := f.dial(f.dials); err != nil {
			return nil, err
		}
	}
	here, there := net.Pipe()
	p := &process{Conn: there, raw: f, n: len(f.all) + 1, gone: make(chan struct{})}
	f.all = append(f.all, p)
	f.work.Go(p.run)
	return &fakeConn{Conn: here, p: p}, nil
}

// count is how many processes were begun.
func (f *fakeRaw) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}

func (f *fakeRaw) process(n int) *process {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all[n-1]
}

type fakeConn struct {
	net.Conn
	p     *process
	waits atomic.Bool
}

func (c *fakeConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == io.EOF && c.p.raw.ends != nil {
		err = c.p.raw.ends
	}
	return n, err
}

func (c *fakeConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err == nil && c.p.raw.wrote != nil {
		c.p.raw.wrote(b)
	}
	return n, err
}

func (c *fakeConn) Close() error {
	if c.p.raw.closes != nil {
		c.p.raw.closes()
	}
	return c.Conn.Close()
}

func (c *fakeConn) Why(_ context.Context, refusal string, _ error) error {
	if c.p.raw.why == nil {
		return nil
	}
	return c.p.raw.why(c.p.n, refusal)
}

func (c *fakeConn) Outdated() bool { return c.p.n <= int(c.p.raw.aged.Load()) }

func (c *fakeConn) Waits(yes bool) {
	if c.waits.Swap(yes) == yes {
		panic("told twice")
	}
}

func (p *process) run() {
	defer close(p.gone)
	defer p.Close()
	if p.raw.begin != nil {
		p.raw.begin(p)
	}
	lines := bufio.NewScanner(p)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		p.mu.Lock()
		p.seen = append(p.seen, lines.Text())
		p.mu.Unlock()
		m, err := frame.ParseMessage([]byte(lines.Text()))
		if err != nil {
			p.say(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"nonsense"}}`)
			continue
		}
		if p.raw.serve != nil {
			p.raw.serve(p, m)
		} else {
			p.answer(m)
		}
	}
}

func (p *process) say(lines ...string) {
	for _, l := range lines {
		_, _ = io.WriteString(p, l+"\n")
	}
}

// saw returns the messages of a method.
func (p *process) saw(method string) (all []frame.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.seen {
		if m, _ := frame.ParseMessage([]byte(l)); m.Method == method {
			all = append(all, m)
		}
	}
	return all
}

// answer answers as a server would.
func (p *process) answer(m frame.Message) { p.answerAs(m, "p", `{"tools":{"listChanged":true}}`) }

func (p *process) answerAs(m frame.Message, name, capabilities string) {
	switch {
	case m.Kind != frame.Request:
	case m.Method == methodInitialize:
		version, _ := frame.LookupString(m.Params, "protocolVersion")
		p.say(string(result(m.ID, fmt.Sprintf(`{"protocolVersion":%q,"capabilities":%s,"serverInfo":{"name":%q,"version":"1"}}`, version, capabilities, name))))
	default:
		tool, _ := frame.LookupString(m.Params, "name")
		switch tool {
		case "die":
			p.Close()
		case "hang":
		default:
			p.say(string(result(m.ID, fmt.Sprintf(`{"by":%d,"tool":%q}`, p.n, tool))))
		}
	}
}

// rawBubble runs a test in fake time with processes.
func rawBubble(t *testing.T, f *fakeRaw, test func(t *testing.T, r *rig), opts ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		opts := append([]func(*Config){uniqueIDs, func(c *Config) { c.Raw, c.NoServerRequests = f, true }}, opts...)
		r := startRig(t, newMemory().transport(t), "http://unused.test/", opts...)
		test(t, r)
		r.end()
		done := make(chan struct{})
		go func() { f.work.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(2 * time.Second):
			t.Error("a process was left alone with its connection")
		}
	})
}

// until waits in fake time.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(5 * time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("never: %s", what)
		}
	}
}

func listLine(id string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/list"}`, id)
}

func by(r *rig, id string) string { return string(frame.Lookup(r.response(id).Result, "by")) }

// Nothing is dialled before it is needed, and one connection serves all.
func TestRawIsLazy(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		time.Sleep(time.Minute)
		if f.count() != 0 {
			t.Fatal("a process was begun for nobody")
		}
		r.hello()
		for i := range 50 {
			r.send(call(fmt.Sprint(i+1), "x"))
		}
		for i := range 50 {
			if got := by(r, fmt.Sprint(i+1)); got != "1" {
				t.Errorf("%d: by %s", i, got)
			}
		}
		if f.count() != 1 {
			t.Errorf("%d processes", f.count())
		}
		for _, m := range f.process(1).saw(methodCall) {
			if !strings.HasPrefix(string(m.ID), `"tshmcp-`) {
				t.Errorf("an id of the client on the wire: %s", m.ID)
			}
		}
	})
}

// What a request is answered with when its process ends, or does not begin.
func TestRawFaults(t *testing.T) {
	refusal := func(m frame.Message, text string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32603,"message":%q}}`, m.ID, text)
	}
	denied := func(int, string) error {
		return &Error{Kind: KindForbidden, Executed: NotExecuted, Err: errors.New("your roles do not allow it")}
	}
	for _, tt := range []struct {
		name     string
		raw      *fakeRaw
		kind     Kind
		executed Execution
		text     string
		most     int // processes
		within   time.Duration
	}{
		{name: "ends without a byte, for no known reason", raw: &fakeRaw{begin: func(p *process) { p.Close() }},
			kind: KindUnreachable, executed: NotExecuted, text: rawEnded, most: 6, within: 12 * time.Second},
		{name: "ends without a byte, access is denied", raw: &fakeRaw{begin: func(p *process) { p.Close() }, why: denied},
			kind: KindForbidden, executed: NotExecuted, text: "roles", most: 1, within: time.Second},
		{name: "refused in a message", raw: &fakeRaw{why: denied, serve: func(p *process, m frame.Message) {
			p.say(refusal(m, "not found"))
			p.Close()
		}}, kind: KindForbidden, executed: NotExecuted, text: "roles", most: 1, within: time.Second},
		{name: "refused in a message for no known reason", raw: &fakeRaw{serve: func(p *process, m frame.Message) {
			p.say(refusal(m, "access denied"))
			p.Close()
		}}, kind: KindUnreachable, executed: MayHaveRun, text: "access denied", most: 6, within: 12 * time.Second},
		{name: "an app that speaks HTTP", raw: &fakeRaw{serve: func(p *process, m frame.Message) {
			p.say("HTTP/1.1 400 Bad Request\r", "Connection: close\r", "\r", "400 Bad Request")
		}, why: func(_ int, text string) error {
			return &Error{Kind: KindForbidden, Executed: NotExecuted, Err: errors.New("not raw: " + text)}
		}}, kind: KindForbidden, executed: NotExecuted, text: "HTTP/1.1 400", most: 1, within: time.Second},
		{name: "ends in the handshake", raw: &fakeRaw{serve: func(p *process, m frame.Message) {
			p.say(`{"jsonrpc":"","method":""}`)
			p.Close()
		}}, kind: KindConnectionLost, executed: MayHaveRun, text: rawEnded, most: 3, within: 3 * time.Second},
		{name: "no connection", raw: &fakeRaw{dial: func(int) error { return &net.OpError{Op: "dial", Err: errors.New("refused")} }},
			kind: KindUnreachable, executed: NotExecuted, text: "refused", within: 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.raw
			rawBubble(t, f, func(t *testing.T, r *rig) {
				began := time.Now()
				r.send(initializeLine)
				got := r.refused("0", tt.kind, tt.executed)
				if !strings.Contains(got.Message, tt.text) {
					t.Errorf("%q does not say %q", got.Message, tt.text)
				}
				if f.count() > tt.most || time.Since(began) > tt.within {
					t.Errorf("%d processes within %v", f.count(), time.Since(began))
				}
			})
		})
	}
}

// The way to a process may say when another attempt helps, as that of HTTP may.
func TestRawToldWhen(t *testing.T) {
	f := &fakeRaw{dial: func(n int) error {
		if n > 1 {
			return nil
		}
		return &Error{Kind: kindThrottled, Executed: NotExecuted, Retryable: true, RetryAfter: "3"}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		began := time.Now()
		r.send(initializeLine)
		if m := r.response("0"); m.Result == nil || time.Since(began) != 3*time.Second {
			t.Errorf("after %v: %s", time.Since(began), m.raw)
		}
	})
}

// An error of the server itself looks like a refusal, but is not followed by the
// end; and what may be done better over another connection is, at once.
func TestRawFirstAnswers(t *testing.T) {
	t.Run("an error of the server", func(t *testing.T) {
		f := &fakeRaw{serve: func(p *process, m frame.Message) {
			p.say(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32603,"message":"not today"}}`, m.ID))
		}}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			r.send(initializeLine)
			if m := r.response("0"); !strings.Contains(string(m.Failure), "not today") || strings.Contains(string(m.Failure), "tshmcp") {
				t.Errorf("got %s", m.raw)
			}
		})
	})
	t.Run("another certificate", func(t *testing.T) {
		f := &fakeRaw{begin: func(p *process) {
			if p.n == 1 {
				p.Close()
			}
		}, why: func(int, string) error { return ErrAgain }}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			began := time.Now()
			r.hello()
			if took := time.Since(began); took > 100*time.Millisecond || f.count() != 2 {
				t.Errorf("%d processes, after %v", f.count(), took)
			}
		})
	})
	t.Run("an app service that is just starting", func(t *testing.T) {
		f := &fakeRaw{begin: func(p *process) {
			if p.n <= 4 {
				p.Close()
			}
		}}
		rawBubble(t, f, func(t *testing.T, r *rig) { r.hello() })
	})
	t.Run("noise, a notification and a request before the answer", func(t *testing.T) {
		f := &fakeRaw{serve: func(p *process, m frame.Message) {
			if m.Method == methodInitialize {
				p.say(`{"jsonrpc":"","method":""}`, `{"jsonrpc":"2.0","method":""}`,
					`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"up"}}`,
					`{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}`)
			}
			p.answer(m)
		}}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			r.hello()
			if m := r.other(); m.Method != "notifications/message" {
				t.Errorf("got %s", m.raw)
			}
			r.send(call("1", "x"))
			r.response("1") // nothing waits for the answer to the server's request
			for _, m := range f.process(1).saw(methodInitialize) {
				if strings.Contains(string(m.Doc), "sampling") {
					t.Errorf("the server is told of sampling: %s", m.Doc)
				}
			}
		})
	})
}
