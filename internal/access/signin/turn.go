// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// turnTime bounds the wait for a tab of another process.
	turnTime = 4 * time.Minute
	// attemptTime bounds one that is opened here. Logins end by themselves before.
	attemptTime = 4 * time.Minute
	// poll is how often a waiting bridge looks for what was done elsewhere.
	poll = 250 * time.Millisecond
)

// errElsewhere ends a sign-in, or a confirmation, that is not needed any more.
var errElsewhere = errors.New("it was done elsewhere")

// errand is what a tab is to be opened for.
type errand struct {
	proxy   string
	done    func() bool            // it is not needed any more
	refuse  func(why string) error // no tab is opened
	pending error                  // another bridge has one open
}

// unless is nil if the errand is done, else err.
func (e *errand) unless(err error) error {
	if e.done() {
		return nil
	}
	return err
}

// inTurn waits for the bridge's turn among those of the cluster and runs work, unless
// the errand is done meanwhile: then it is nil, and the context of work ends with
// errElsewhere. The lock frees itself when its holder dies; the next in line takes
// over.
func (g *Gate) inTurn(ctx context.Context, e *errand, work func(context.Context) error) error {
	if why := g.WhyNot(e.proxy); why != "" {
		return e.unless(e.refuse(why))
	}
	ctx, stop := until(ctx, e.done)
	defer stop()
	turn, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	unlock, err := g.Clusters.Store.Lock(turn, "login "+e.proxy)
	switch {
	case err != nil && turn.Err() != nil:
		return e.unless(e.pending)
	case err != nil:
		return e.unless(e.refuse(unnoted(err)))
	}
	defer unlock()
	return work(ctx)
}

// whyNoTab says why none must be opened by the bridge whose turn it is, or is empty.
func (g *Gate) whyNoTab(proxy string) string {
	return cmp.Or(g.WhyNot(proxy), unnoted(g.canPause(proxy)))
}

// attempt runs work for as long as one tab may take, and tells whether it opened one;
// late is its error if that was too short.
func attempt(ctx context.Context, late error, work func(ctx context.Context, opened func()) error) (opened bool, err error) {
	limited, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	err = work(limited, func() { opened = true })
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		err = late
	}
	return opened, err
}

// until ends the context once somebody has done elsewhere what a tab is for that is
// open here: it is not needed any more.
func until(ctx context.Context, done func() bool) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	var looking sync.WaitGroup
	looking.Go(func() {
		tick := time.NewTicker(poll)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if done() {
					cancel(errElsewhere)
					return
				}
			}
		}
	})
	return ctx, func() { cancel(nil); looking.Wait() }
}
