// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

const (
	// The pause between looks at a request grows from the first to the last.
	firstPause, lastPause = time.Second, 10 * time.Second
	// sign is how often a person who waits gets one of life.
	sign = time.Minute
)

// Progress is told what happens while a request waits.
type Progress interface {
	// Reviewed tells of a reviewer's word that has come.
	Reviewed(Review)
	// StillWaiting tells that nothing has happened for a while, since the wait began.
	// err is why the cluster was not asked the last time, or nil.
	StillWaiting(since time.Duration, err error)
}

// Wait waits until a request is decided, and returns it. Its end leaves the request
// as it is. A cluster that cannot be reached for a while is asked again.
func (d *Desk) Wait(ctx context.Context, id string, p Progress) (*teleport.AccessRequest, error) {
	var decided *teleport.AccessRequest
	err := access.Login(d.Cluster).Root().Ask(ctx, func(at access.Auths) (err error) {
		w := &wait{Desk: d, requests: teleport.AccessRequests{RootAuth: at.Root}, progress: p, began: d.Now(), told: d.Now()}
		decided, err = w.run(ctx, id)
		return err
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return decided, refused(err)
}

// wait is one Wait.
type wait struct {
	*Desk
	requests teleport.AccessRequests
	progress Progress
	began    time.Time
	told     time.Time // when the person last heard something
	reviews  int       // that were told
	seen     bool      // it was there
}

func (w *wait) run(ctx context.Context, id string) (*teleport.AccessRequest, error) {
	pause := firstPause
	for {
		now, err := w.requests.Get(ctx, id)
		var failed *teleport.AuthError
		var missing *teleport.RequestNotFoundError
		switch {
		case w.seen && errors.As(err, &missing):
			return nil, &OverError{ID: id}
		case err != nil && !(errors.As(err, &failed) && failed.Unreachable()):
			return nil, err
		case err == nil && w.tell(now):
			return now, nil
		}
		w.seen = w.seen || err == nil
		if since := w.Now().Sub(w.told); since >= sign {
			w.told = w.Now()
			w.progress.StillWaiting(w.told.Sub(w.began), err)
		}
		if !sleep(ctx, pause) {
			return nil, ctx.Err()
		}
		pause = min(pause*3/2, lastPause)
	}
}

// tell tells of new reviews, and reports whether the request is decided.
func (w *wait) tell(now *teleport.AccessRequest) bool {
	for _, review := range now.Reviews[min(w.reviews, len(now.Reviews)):] {
		w.told = w.Now()
		w.progress.Reviewed(Review{Author: review.Author, State: string(review.State), Reason: review.Reason})
	}
	w.reviews = len(now.Reviews)
	return now.State != teleport.RequestPending || w.over(*now)
}

// sleep reports whether the time has passed, and ctx not.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
