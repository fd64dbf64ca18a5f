// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net"
	"os"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// A path that died without a word is no process that ended.
func TestRawPathDies(t *testing.T) {
	f := &fakeRaw{ends: &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", silentErrnos[0])}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		r.send(call("2", "die"))
		if got := r.refused("2", KindConnectionLost, MayHaveRun); !strings.Contains(got.Message, silentNote) || strings.Contains(got.Message, rawEnded) {
			t.Errorf("got %s", got.Message)
		}
		r.send(call("3", "x"))
		if m := r.response("3"); m.Result == nil || f.count() != 2 {
			t.Errorf("%d processes, %s", f.count(), m.raw)
		}
	})
}

// A process has no session but its connection: what it says of one is an answer.
func TestRawAnswerAboutSessions(t *testing.T) {
	f := &fakeRaw{}
	f.serve = func(p *process, m frame.Message) {
		if m.Method == methodCall {
			p.say(`{"jsonrpc":"2.0","id":` + string(m.ID) + `,"error":{"code":-32600,"message":"Session not found"}}`)
			return
		}
		p.answer(m)
	}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Failure == nil || len(f.process(1).saw("ping")) != 0 || f.count() != 1 {
			t.Errorf("%d processes, %s", f.count(), m.raw)
		}
	})
}

// A cancel that cannot be written over the connection from before, which goes on for
// what is under way, says nothing of the session's own: that is not opened anew for it.
func TestRawCancelOfAnotherConnection(t *testing.T) {
	at, other := net.Pipe()
	other.Close()
	c := &rawConn{u: newRawUpstream(&Config{timing: &defaultTiming}), name: "1", conn: &fakeConn{Conn: at, p: &process{raw: &fakeRaw{}}}}
	m := outgoing{Message: frame.Message{Method: methodCancelled}, session: session{gen: 2, id: "1"}}
	for id, want := range map[string]bool{"1": true, "2": false} {
		m.session.id = id
		if e := asError(c.unwritten(t.Context(), m)); e.lost != want || e.Executed != NotExecuted {
			t.Errorf("of session %s: %+v", id, e)
		}
	}
}
