// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// The end of a connection answers all that is in flight at once, and the next one
// is opened without a word of the client.
func TestRawLinkEnds(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		for i := range 30 {
			r.send(call(fmt.Sprint(100+i), "hang"))
		}
		eventually(t, "calls in flight", func() bool { return len(f.process(1).saw(methodCall)) == 31 })
		began := time.Now()
		f.process(1).Close()
		for i := range 30 {
			r.refused(fmt.Sprint(100+i), KindConnectionLost, MayHaveRun)
		}
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("told after %v", took)
		}
		eventually(t, "another process with the handshake", func() bool {
			return f.count() == 2 && len(f.process(2).saw(methodInitialized)) == 1
		})
		if took := time.Since(began); took > time.Second {
			t.Errorf("opened after %v", took)
		}
		if m := r.other(); m.Method != methodToolsChanged {
			t.Errorf("got %s", m.raw)
		}
		first, second := f.process(1).saw(methodInitialize)[0], f.process(2).saw(methodInitialize)[0]
		if string(first.Params) != string(second.Params) || string(first.ID) == string(second.ID) {
			t.Errorf("the handshake was\n%s and now\n%s", first.Doc, second.Doc)
		}
		r.send(call("2", "x"))
		if got := by(r, "2"); got != "2" {
			t.Errorf("by %s", got)
		}
	})
}

// A list that was asked for of a process that is gone comes from the next.
func TestRawReadsAgain(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method == methodTools && p.n == 1 {
			p.Close()
			return
		}
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(listLine("1"))
		if got := by(r, "1"); got != "2" {
			t.Errorf("by %s", got)
		}
	})
}

// The answer to the repeated handshake is found by its id, whatever comes before.
func TestRawHandshakeAmongOthers(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method == methodInitialize && p.n > 1 {
			p.say(`{"jsonrpc":"","method":""}`, `{"jsonrpc":"2.0","id":0,"result":{"for":"nobody"}}`,
				`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"again"}}`)
		}
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "die"))
		r.refused("1", KindConnectionLost, MayHaveRun)
		r.send(call("2", "x"))
		if got := by(r, "2"); got != "2" {
			t.Errorf("by %s", got)
		}
	})
}

// A server that comes back as another one is told of.
func TestRawServerChanged(t *testing.T) {
	for _, tt := range []struct{ name, server, capabilities, want string }{
		{"another name", "q", `{"tools":{"listChanged":true},"logging":{}}`, ""},
		{"without a capability", "p", `{"logging":{}}`, "no longer offers the capability tools"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fakeRaw{serve: func(p *process, m frame.Message) {
				if p.n == 1 {
					p.answerAs(m, "p", `{"tools":{"listChanged":true},"logging":{}}`)
				} else {
					p.answerAs(m, tt.server, tt.capabilities)
				}
			}}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "die"))
				r.refused("1", KindConnectionLost, MayHaveRun)
				r.send(call("2", "x"))
				if tt.want != "" {
					got := r.refused("2", kindSessionLost, NotExecuted)
					if !strings.Contains(got.Message, tt.want) || got.Data.Retryable {
						t.Errorf("got %+v", got)
					}
					return
				}
				r.response("2")
				if m := r.other(); m.Method != "notifications/message" || !strings.Contains(string(m.Params), "is not the one from before") {
					t.Errorf("got %s", m.raw)
				}
				if m := r.other(); m.Method != methodToolsChanged {
					t.Errorf("got %s", m.raw)
				}
			})
		})
	}
}

// A server whose process ends right after each handshake is told as such from the second
// time on: what it has the matter is seen by nobody here.
func TestRawEndsAfterHandshake(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		p.answer(m)
		if m.Method == methodInitialized {
			p.Close()
		}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		r.response("0")
		r.send(initializedLine)
		for i := 1; i < 20; i++ {
			r.send(listLine(fmt.Sprint(i)))
			got := r.failure(fmt.Sprint(i))
			if got.Data.Code != "server-hung-up" || !strings.Contains(got.Message, "ask your Teleport administrator") && !strings.Contains(got.Message, "ask whoever runs the server") {
				t.Fatalf("the %dth: %+v", i, got)
			}
			time.Sleep(time.Second)
		}
	})
}

// A process that ends soon after its handshake each time is begun less and less
// often, and a request of the client does not have to wait for that.
func TestRawKeepsDying(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		p.answer(m)
		if m.Method == methodInitialized {
			time.AfterFunc(5*time.Second, func() { p.Close() })
		}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		time.Sleep(time.Hour)
		n := f.count()
		if n < 5 || n > 70 {
			t.Errorf("%d processes in an hour", n)
		}
		r.send(call("1", "x"))
		if got := by(r, "1"); got != fmt.Sprint(f.count()) {
			t.Errorf("by %s of %d", got, f.count())
		}
	})
}

// Access that is away and comes back, many times, is no process that keeps dying.
func TestRawDeniedAndBack(t *testing.T) {
	denied := false
	f := &fakeRaw{why: func(int, string) error {
		return &Error{Kind: KindForbidden, Executed: NotExecuted, Err: errors.New("your roles do not allow it")}
	}}
	f.begin = func(p *process) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if denied {
			p.Close()
		}
	}
	deny := func(yes bool) {
		f.mu.Lock()
		defer f.mu.Unlock()
		denied = yes
	}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		eventually(t, "a session", func() bool { return f.count() == 1 && len(f.process(1).saw(methodInitialized)) == 1 })
		for i := range 4 {
			deny(true)
			f.process(f.count()).Close()
			synctest.Wait()
			for j := range 3 {
				r.send(listLine(fmt.Sprint(100*i + 2*j + 1)))
				r.refused(fmt.Sprint(100*i+2*j+1), KindForbidden, NotExecuted)
			}
			deny(false)
			r.send(listLine(fmt.Sprint(100*i + 50)))
			r.response(fmt.Sprint(100*i + 50))
		}
	})
}

// A session that the client's message has opened again stays, also when a pause is
// over that was to come before that.
func TestRawOpenedMeanwhile(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		for n := 1; n <= 5; n++ { // the pauses grow
			eventually(t, "a session", func() bool { return f.count() == n && len(f.process(n).saw(methodInitialized)) == 1 })
			synctest.Wait()
			f.process(n).Close()
		}
		synctest.Wait()
		r.send(listLine("1"))
		r.response("1")
		n := f.count()
		time.Sleep(10 * time.Minute)
		if f.count() != n {
			t.Errorf("%d processes more", f.count()-n)
		}
	})
}

// Where there is no way to the process for a while, it is looked for until there is.
func TestRawAwayForAWhile(t *testing.T) {
	away := true
	f := &fakeRaw{}
	f.dial = func(n int) error {
		if n > 1 && away {
			return &net.OpError{Op: "dial", Err: errors.New("refused")}
		}
		return nil
	}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		f.process(1).Close()
		time.Sleep(10 * time.Minute)
		f.mu.Lock()
		if f.dials < 3 || f.dials > 200 {
			t.Errorf("%d attempts", f.dials)
		}
		away = false
		f.mu.Unlock()
		eventually(t, "found again", func() bool { return f.count() == 2 })
		if m := r.other(); m.Method != methodToolsChanged {
			t.Errorf("got %s", m.raw)
		}
	})
}

// A connection whose user has other access by now is replaced when nothing is under
// way, which the client is told when the next is open.
func TestRawOtherAccess(t *testing.T) {
	for name, news := range map[string]bool{"by itself": true, "with a message": false} {
		t.Run(name, func(t *testing.T) {
			f := &fakeRaw{}
			var relist chan struct{}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				r.hello()
				f.aged.Store(1)
				if news {
					relist <- struct{}{}
				} else {
					r.send(call("2", "x"))
					if got := by(r, "2"); got != "2" {
						t.Errorf("the next: by %s", got)
					}
				}
				f.wantReplaced(t, r)
			}, withRelist(&relist))
		})
	}
}

// Access may change when nobody listens yet: just after the server has taken the end
// of the handshake. A connection that is being closed then counts as ended.
func TestRawOtherAccessInTheHandshake(t *testing.T) {
	var slow sync.Once
	f := &fakeRaw{closes: func() { slow.Do(func() { time.Sleep(time.Second) }) }}
	var relist chan struct{}
	f.wrote = func(line []byte) {
		if f.aged.Load() == 0 && bytes.Contains(line, []byte(methodInitialized)) {
			f.aged.Store(1)
			relist <- struct{}{}
			synctest.Wait() // until it is being closed
		}
	}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		f.wantReplaced(t, r)
	}, withRelist(&relist))
}

// What is under way goes on, as before, and is cancelled there; what comes beside it
// goes with the new access, at once, whether or not the client always has a call under
// way.
func TestRawOtherAccessInMidCall(t *testing.T) {
	for _, told := range []bool{true, false} {
		t.Run(fmt.Sprint("told ", told), func(t *testing.T) { otherAccessInMidCall(t, told) })
	}
}

// A cancel that comes while its request is being written goes where that goes.
func TestRawCancelOfWhatIsBeingWritten(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		goOn := make(chan struct{})
		f.wrote = func(line []byte) {
			if bytes.Contains(line, []byte("slow")) {
				<-goOn
			}
		}
		r.hello()
		r.send(call("1", "hang"))
		eventually(t, "the call", func() bool { return len(f.process(1).saw(methodCall)) == 1 })
		r.send(call("3", "hang slow"))
		eventually(t, "the calls", func() bool { return len(f.process(1).saw(methodCall)) == 2 })
		r.send(cancelLine("3"))
		synctest.Wait()
		f.aged.Store(1)
		r.send(call("2", "x"))
		if got := by(r, "2"); got != "2" {
			t.Errorf("beside a call: by %s", got)
		}
		close(goOn)
		synctest.Wait()
		if a, b := len(f.process(1).saw(methodCancelled)), len(f.process(2).saw(methodCancelled)); a != 1 || b != 0 {
			t.Errorf("%d cancels where the call is, %d beside it", a, b)
		}
	})
}

func otherAccessInMidCall(t *testing.T, told bool) {
	f := &fakeRaw{}
	var relist chan struct{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("9", "x"))
		r.response("9")
		r.send(call("1", "hang"))
		eventually(t, "the call", func() bool { return len(f.process(1).saw(methodCall)) == 2 })
		r.send(call("3", "hang"))
		eventually(t, "the calls", func() bool { return len(f.process(1).saw(methodCall)) == 3 })
		f.aged.Store(1)
		if told {
			relist <- struct{}{}
		}
		r.send(call("2", "x"))
		if got := by(r, "2"); got != "2" {
			t.Errorf("beside a call: by %s", got)
		}
		r.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}`)
		time.Sleep(2 * time.Minute)
		if n := len(f.process(1).saw(methodCancelled)); n != 1 || f.count() != 2 {
			t.Fatalf("%d cancels, %d processes", n, f.count())
		}
		f.process(1).say(string(result(f.process(1).saw(methodCall)[1].ID, `{"by":1}`)))
		if got := by(r, "1"); got != "1" {
			t.Errorf("the call: by %s", got)
		}
		f.wantReplaced(t, r)
	}, withRelist(&relist))
}

// wantReplaced waits until the second process has the session and the client knows.
func (f *fakeRaw) wantReplaced(t *testing.T, r *rig) {
	t.Helper()
	eventually(t, "the next with the handshake", func() bool {
		return f.count() == 2 && len(f.process(2).saw(methodInitialized)) == 1
	})
	if m := r.other(); m.Method != methodToolsChanged {
		t.Errorf("got %s", m.raw)
	}
	<-f.process(1).gone
}

func withRelist(relist *chan struct{}) func(*Config) {
	return func(c *Config) {
		*relist = make(chan struct{}, 1)
		c.Relist = *relist
	}
}

// Where the connection stays, the client is told at once.
func TestRawSameAccess(t *testing.T) {
	f := &fakeRaw{}
	var relist chan struct{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		relist <- struct{}{}
		if m := r.other(); m.Method != methodToolsChanged || f.count() != 1 {
			t.Errorf("%d processes, %s", f.count(), m.raw)
		}
	}, withRelist(&relist))
}
