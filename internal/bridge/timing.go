// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"math/rand/v2"
	"time"
)

// timing holds every bound and pause, so that tests can shorten them.
type timing struct {
	grace    time.Duration // for open requests after the client left (transport.md A13)
	deletion time.Duration // for the DELETE (transport.md A13, B22)
	ending   time.Duration // for everything else at the end

	rest time.Duration // without a request, until Config.Rested is called

	turn        time.Duration // after which a request that is under way does not count any more
	laneWait    time.Duration // how long a request waits for earlier notifications (transport.md A25)
	laneItem    time.Duration // longest POST of a notification or response
	ready       time.Duration // the same for notifications/initialized
	readyWait   time.Duration // how long requests wait until that is accepted
	longWait    time.Duration // how long a long answer waits for others to pass
	streamWait  time.Duration // how long requests wait for the listening stream of a new session
	drain       time.Duration // reading on after a response, so that the connection can be reused (transport.md P14)
	refusal     time.Duration // reading the body of an HTTP error
	afterCancel time.Duration // reading on after a cancel (transport.md B29)
	promised    time.Duration // waiting on the listening stream for a response that was promised (transport.md F-19)
	unpromised  time.Duration // the same for one that may be on its way
	refusalEnd  time.Duration // after what may be a refusal until the end of the connection that makes it one
	firstAnswer time.Duration // of a process that was asked who it is; nobody learns anything after a minute
	quietAsk    time.Duration // a process says nothing while somebody waits, until it is asked whether it is there
	quietRead   time.Duration // the same, until its connection is given up
	quietCall   time.Duration // the same while it may be at work for somebody
	silence     time.Duration // how long connections that end without a word are opened again (protocol.md 13.2)

	budget           time.Duration // for all attempts of a request together, and for one connection (transport.md F-1)
	initializeBudget time.Duration // the same for initialize
	discoverBudget   time.Duration // the same for server/discover (transport.md 1G)
	connectMin       time.Duration // for one connection, however little of the budget is left

	recovery      time.Duration // longest recovery of a session
	opening       time.Duration // the same for one that was only promised, see Memory
	recoveryPause time.Duration // without any after too many

	reopenMin, reopenMax time.Duration // back-off of sessions that are opened again by themselves
	reopenSteady         time.Duration // a session this old was good

	listenMin, listenMax time.Duration // back-off of the listening stream (transport.md B15)
	steady               time.Duration // a stream this old is no failure when it ends
	resumeMin, resumeMax time.Duration // back-off of a resumption without a server's retry (transport.md 1F)
	resumeTries          int           // resumptions without progress
	resumeTime           time.Duration // time without progress
}

var defaultTiming = timing{
	grace:    400 * time.Millisecond,
	deletion: time.Second,
	ending:   150 * time.Millisecond,

	rest: 30 * time.Second, // by then connections that nobody needs are closed

	turn:        time.Second,
	laneWait:    2 * time.Second,
	laneItem:    10 * time.Second,
	ready:       30 * time.Second,
	readyWait:   5 * time.Second,
	longWait:    30 * time.Second,
	streamWait:  time.Second,
	drain:       250 * time.Millisecond,
	refusal:     5 * time.Second,
	afterCancel: time.Minute,
	promised:    5 * time.Minute,
	unpromised:  2 * time.Second,
	refusalEnd:  500 * time.Millisecond,
	firstAnswer: 50 * time.Second,
	quietAsk:    time.Minute,
	quietRead:   2 * time.Minute,
	quietCall:   time.Hour,
	silence:     7 * time.Second,

	budget:           10 * time.Second,
	initializeBudget: 25 * time.Second,
	discoverBudget:   20 * time.Second,
	connectMin:       2 * time.Second,

	recovery:      20 * time.Second,
	opening:       50 * time.Second,
	recoveryPause: 30 * time.Second,

	reopenMin: time.Second, reopenMax: time.Minute,
	reopenSteady: time.Minute,

	listenMin: time.Second, listenMax: 30 * time.Second,
	steady:    5 * time.Second,
	resumeMin: time.Second, resumeMax: 30 * time.Second,
	resumeTries: 5,
	resumeTime:  time.Minute,
}

// sleep waits; it returns false as soon as ctx ends.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// backoff grows with every use, with a little jitter so that many bridges do
// not come back at once.
type backoff struct {
	min, max time.Duration
	growth   float64
	next     time.Duration
}

func (b *backoff) reset() { b.next = 0 }

func (b *backoff) pause() time.Duration {
	d := max(b.next, b.min)
	b.next = min(time.Duration(float64(d)*b.growth), b.max)
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
