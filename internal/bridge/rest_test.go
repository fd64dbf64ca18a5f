// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A bridge that has had no request for a while says so, once, until there was
// another one.
func TestRest(t *testing.T) {
	var rests atomic.Int32
	at := func(want int32) {
		t.Helper()
		synctest.Wait()
		if n := rests.Load(); n != want {
			t.Errorf("%d times, want %d", n, want)
		}
	}
	bubble(t, &mcpServer{}, func(t *testing.T, r *rig) {
		r.hello()
		time.Sleep(defaultTiming.rest - time.Second)
		at(0)
		r.send(call("1", "x"))
		r.until("an answer", func() bool { return len(r.seen["1"]) == 1 })
		time.Sleep(defaultTiming.rest - time.Second)
		at(0)
		time.Sleep(2 * time.Second)
		at(1)
		time.Sleep(time.Hour)
		at(1)
		r.send(call("2", "x"))
		r.until("an answer", func() bool { return len(r.seen["2"]) == 1 })
		time.Sleep(time.Hour)
		at(2)
	}, func(c *Config) { c.Rested = func() { rests.Add(1) } })
}
