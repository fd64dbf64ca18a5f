// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net"
	"os"
	"strings"
	"testing"
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
