// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// whyTime bounds the question why an app was refused.
	whyTime = 5 * time.Second
	// lookups is how many such questions are asked within lookupTime, if the
	// answer is always the same; more requests than that are told the last one.
	lookups    = 10
	lookupTime = 2 * time.Second
)

// appLookup finds what stands between a user and an app. The app service hides
// it: a role, a second factor and an app that is gone can all look the same
// (protocol.md 15.3). Only the auth service tells.
type appLookup struct {
	ask func(context.Context) error // nil: nothing stands in the way
	now func() time.Time

	asking shared[finding]

	mu    sync.Mutex
	last  finding
	asked []time.Time // when the same was found, the last lookups of them
}

// finding is what one look-up found.
type finding struct {
	began time.Time
	why   error
}

// why returns what stands in the way now, or why that could not be found out;
// nil if nothing does. A request that began at since is content with what was
// looked for later than that.
func (l *appLookup) why(ctx context.Context, since time.Time) error {
	if f, ok := l.known(since); ok {
		return f.why
	}
	f, err := l.asking.do(ctx, whyTime, l.look)
	if err != nil {
		return err
	}
	return f.why
}

// known is the last finding if it is good enough, or if it was found too often.
func (l *appLookup) known(since time.Time) (finding, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	busy := len(l.asked) == lookups && now.Sub(l.asked[0]) < lookupTime
	return l.last, busy || !l.last.began.IsZero() && l.last.began.After(since)
}

func (l *appLookup) look(ctx context.Context) (finding, error) {
	f := finding{began: l.now()}
	f.why = l.ask(ctx)
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return f, err // nobody waits for it
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if fmt.Sprint(f.why) != fmt.Sprint(l.last.why) {
		l.asked = nil
	}
	l.last = f
	l.asked = append(l.asked, f.began)
	l.asked = l.asked[max(0, len(l.asked)-lookups):]
	return f, nil
}

// lookUp asks the cluster what stands between the user and the app.
func (a *appCerts) lookUp(ctx context.Context) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	return c.Obstacle(ctx, a.app)
}
