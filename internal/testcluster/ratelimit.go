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

// How often an address may log in, as recorded: so many requests at once, and
// one more for each interval. The next one is refused.
const (
	localBurst    = 14 // begin and finish of a local login, and headless
	consoleBurst  = 28 // starts of a login through the browser
	loginInterval = 3 * time.Second
)

// rateLimit is the limit on the requests of logins. All clients of a cluster
// come from one address.
type rateLimit struct {
	mu      sync.Mutex
	all     bool // LimitRate
	off     bool // UnlimitLogins
	now     func() time.Time
	local   bucket
	console bucket
}

// start starts the limit anew, as if nobody had logged in before.
func (l *rateLimit) start(now func() time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.off, l.now = false, now
	l.local, l.console = newBucket(localBurst, now()), newBucket(consoleBurst, now())
}

// LimitRate makes every path of the web API whose rate is limited answer 429:
// /webapi/ping/CONNECTOR, the start of a login, and all of a local one.
func (l *rateLimit) LimitRate(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = on
}

// UnlimitLogins takes the limit on logins away, for a test that logs in more
// often than an address may.
func (l *rateLimit) UnlimitLogins() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.off = true
}

// bucket is a number of requests that may be made at once, which fills again.
type bucket struct {
	size, left float64
	then       time.Time // of left
}

func newBucket(size int, now time.Time) bucket {
	return bucket{size: float64(size), left: float64(size), then: now}
}

// take returns how long to wait for a request that is made now; 0: it may be made.
func (b *bucket) take(now time.Time) time.Duration {
	b.left = min(b.size, b.left+now.Sub(b.then).Seconds()/loginInterval.Seconds())
	b.then = now
	if b.left < 1 {
		return time.Duration((1 - b.left) * float64(loginInterval))
	}
	b.left--
	return 0
}

// wait returns how long a request has to wait that takes from b.
func (l *rateLimit) wait(b *bucket) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.all:
		return loginInterval
	case l.off:
		return 0
	}
	return b.take(l.now())
}

// limited serves a path of a login, which takes from b.
func (l *rateLimit) limited(b *bucket, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if left := l.wait(b); left > 0 {
			writeLimit(w, left)
			return
		}
		serve(w, r)
	}
}

// limitedPing serves /webapi/ping/CONNECTOR, whose own limit is not reached: it
// answered when a login did not any more. LimitRate alone limits it.
func (l *rateLimit) limitedPing(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		all := l.all
		l.mu.Unlock()
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
