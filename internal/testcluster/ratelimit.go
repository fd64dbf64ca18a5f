// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"
)

// loginInterval is how long an address that has used up its logins waits for the
// next one.
const loginInterval = 3 * time.Second

// rateLimit is the limit on the requests of logins: a number of them at once,
// and one more for each loginInterval. All clients of a test have one address,
// and many log in, so there is no limit unless a test asks for it.
type rateLimit struct {
	mu     sync.Mutex
	all    bool // LimitRate
	on     bool
	burst  float64
	tokens float64
	then   time.Time // of tokens
}

// LimitRate makes every path of the web API whose rate is limited answer 429:
// /webapi/ping/CONNECTOR, the start of a login, and all of a local one.
func (c *Cluster) LimitRate(on bool) {
	c.rate.mu.Lock()
	defer c.rate.mu.Unlock()
	c.rate.all = on
}

// LimitLogins limits the requests of logins, whatever their kind, as a real
// cluster does: n at once and then one each 3 s. /webapi/ping/CONNECTOR has a
// limit of its own that is not reached.
func (c *Cluster) LimitLogins(n int) {
	c.rate.mu.Lock()
	defer c.rate.mu.Unlock()
	c.rate.on, c.rate.burst, c.rate.tokens, c.rate.then = true, float64(n), float64(n), time.Now()
}

// UnlimitLogins takes the limit of LimitLogins away.
func (c *Cluster) UnlimitLogins() {
	c.rate.mu.Lock()
	defer c.rate.mu.Unlock()
	c.rate.on = false
}

// take returns how long to wait for a request that is made now; 0: it may be made.
func (l *rateLimit) take(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all {
		return loginInterval
	}
	if !l.on {
		return 0
	}
	l.tokens = min(max(l.burst, 1), l.tokens+now.Sub(l.then).Seconds()/loginInterval.Seconds())
	l.then = now
	if l.tokens < 1 {
		return time.Duration((1 - l.tokens) * float64(loginInterval))
	}
	l.tokens--
	return 0
}

// limited serves a path of a login.
func (c *Cluster) limited(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if left := c.rate.take(time.Now()); left > 0 {
			writeLimit(w, left)
			return
		}
		serve(w, r)
	}
}

// limitedPing serves a path that LimitRate alone limits.
func (c *Cluster) limitedPing(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c.rate.mu.Lock()
		all := c.rate.all
		c.rate.mu.Unlock()
		if all {
			writeLimit(w, loginInterval)
			return
		}
		serve(w, r)
	}
}

func writeLimit(w http.ResponseWriter, left time.Duration) {
	seconds := math.Ceil(left.Seconds())
	writeError(w, http.StatusTooManyRequests, fmt.Sprintf("rate limit exceeded, try again in %.0fs", seconds))
}
