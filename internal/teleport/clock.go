// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net/http"
	"sync"
	"time"
)

// leastSkew is what a difference of clocks must exceed to count: Date has whole
// seconds, and an answer is on its way for a while.
const leastSkew = time.Minute

// Clock is what is known of the clock of a cluster, by which certificates begin
// and end. Every answer of the web API tells its time. It is safe for concurrent
// use, and shared by all [Proxy] values of one address. A nil Clock is that of
// this machine.
type Clock struct {
	machine func() time.Time

	mu    sync.Mutex
	known bool
	skew  time.Duration
	seen  time.Time // when that was found out
	guess guess

	asking  chan struct{}       // is filled by who asks; what follows belongs to that one
	doubted map[int64]time.Time // when it was asked, by the second that something ends at
}

// guess is what somebody says of the time who may be anybody.
type guess struct {
	skew time.Duration
	made time.Time
}

// NewClock returns a Clock that knows nothing yet but this machine's time; nil is
// time.Now.
func NewClock(machine func() time.Time) *Clock {
	if machine == nil {
		machine = time.Now
	}
	return &Clock{machine: machine, asking: make(chan struct{}, 1), doubted: map[int64]time.Time{}}
}

// Now is the cluster's time, as far as it is known.
func (c *Clock) Now() time.Time {
	if c == nil {
		return time.Now()
	}
	return c.machine().Add(c.Skew())
}

// Skew is how far the cluster's clock is ahead of this machine's; 0 if it is not
// known, or not more than a minute.
func (c *Clock) Skew() time.Duration {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// Assume takes over what was measured at another time, unless something was
// measured already.
func (c *Clock) Assume(skew time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		c.skew = significant(skew)
	}
}

// Measured tells whether the skew is this process's own finding.
func (c *Clock) Measured() bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// machineTime is this machine's clock.
func (c *Clock) machineTime() func() time.Time {
	if c == nil {
		return time.Now
	}
	return c.machine
}

// time is this machine's, 0 of a nil Clock.
func (c *Clock) time() time.Time {
	if c == nil {
		return time.Time{}
	}
	return c.machine()
}

// see takes the time of an answer to a request that was sent when this machine's
// clock said sent.
func (c *Clock) see(h http.Header, sent time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if c == nil || err != nil {
		return
	}
	took := c.machine().Sub(sent)
	if took < 0 || took > leastSkew {
		return // the clock was set meanwhile, or the machine slept
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known, c.skew = true, significant(date.Sub(sent.Add(took/2)).Round(time.Second))
	c.seen, c.guess = time.Now(), guess{}
}

func significant(skew time.Duration) time.Duration {
	if skew.Abs() <= leastSkew {
		return 0
	}
	return skew
}
