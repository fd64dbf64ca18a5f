// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"sync"
	"time"
)

// sleepJump is how far the wall clock may run ahead of the monotonic one
// before the machine must have slept.
const sleepJump = 10 * time.Second

// instant is one moment on both clocks.
type instant struct {
	wall      time.Time
	monotonic time.Duration
}

// newNow returns the clocks of the machine.
func newNow() func() instant {
	start := time.Now()
	return func() instant { return instant{wall: time.Now().Round(0), monotonic: time.Since(start)} }
}

// clock notices when the machine slept: the wall clock goes on, the monotonic
// one does not.
type clock struct {
	mu   sync.Mutex
	last instant
}

// jumped says whether the wall clock jumped since the last call. The caller
// holds mu.
func (c *clock) jumped(now instant) bool {
	last := c.last
	c.last = now
	if last.wall.IsZero() {
		return false
	}
	gap := now.wall.Sub(last.wall) - (now.monotonic - last.monotonic)
	return gap.Abs() > sleepJump
}

// checkClock closes the idle connections after a sleep. They look alive, and
// the first request on one would wait for a timeout.
func (u *httpUpstream) checkClock() {
	u.clock.mu.Lock()
	defer u.clock.mu.Unlock()
	if u.clock.jumped(u.cfg.now()) && u.cfg.CloseIdle != nil {
		u.log.Info("the machine slept; idle connections are closed")
		u.cfg.CloseIdle()
	}
}

// noteSilence closes the idle connections after one that died silently: they went
// the same way, and the next requests would wait as long on them.
func (u *httpUpstream) noteSilence(err error) {
	if diedSilently(err) && u.cfg.CloseIdle != nil {
		u.log.Info("a connection died silently; idle ones are closed")
		u.cfg.CloseIdle()
	}
}
