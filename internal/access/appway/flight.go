// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"time"
)

// flight is one piece of work that all wait for who want the same at the same
// time. It goes on for as long as anybody waits for it, whoever began it, and no
// lock is held meanwhile.
type flight[T any] struct {
	done   chan struct{} // closed when value and err are there
	value  T
	err    error
	cancel context.CancelFunc

	waiting int // guarded by machine.mu
}

// route is where the state keeps a flight, and what beginning and ending one is
// called.
type route[T any] struct {
	begun, ended event
	slot         func(*state) **flight[T]
	limit        time.Duration
}

// share returns what work returns, after at most the route's limit, or the error
// of ctx.
func share[T any](ctx context.Context, m *machine, r route[T], work func(context.Context) (T, error)) (T, error) {
	f := join(m, r, work)
	defer leave(m, r, f)
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// outlived waits for work that goes on when nobody waits for it any more, as what a
// person does in the browser, and not longer than its bridge. It returns the error of
// that, or pending once ctx has ended.
func outlived(ctx context.Context, m *machine, r route[struct{}], pending error, work func(context.Context) error) error {
	f := join(m, r, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) })
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return pending
	}
}

// join waits for the flight under way, or begins one.
func join[T any](m *machine, r route[T], work func(context.Context) (T, error)) *flight[T] {
	var ctx context.Context
	var mine, f *flight[T]
	m.move(r.begun, func(s *state) {
		slot := r.slot(s)
		if *slot == nil {
			mine = &flight[T]{done: make(chan struct{})}
			ctx, mine.cancel = context.WithTimeout(m.life, r.limit)
			*slot = mine
		}
		f = *slot
		f.waiting++
	})
	if mine != nil {
		m.work.Go(func() {
			defer close(mine.done)
			mine.value, mine.err = work(ctx)
			end(m, r, mine)
		})
	}
	return f
}

// leave ends the work when nobody waits for it any more. Nobody can join it from
// that very moment on.
func leave[T any](m *machine, r route[T], f *flight[T]) {
	last := false
	m.move(r.ended, func(s *state) {
		f.waiting--
		if last = f.waiting == 0; last {
			f.clear(r.slot(s))
		}
	})
	if last {
		f.cancel()
	}
}

// end makes the next caller begin anew.
func end[T any](m *machine, r route[T], f *flight[T]) {
	f.cancel()
	m.move(r.ended, func(s *state) { f.clear(r.slot(s)) })
}

// clear takes the flight out of the state, unless another has its place.
func (f *flight[T]) clear(slot **flight[T]) {
	if *slot == f {
		*slot = nil
	}
}
