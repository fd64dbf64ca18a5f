// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"sync"
	"time"
)

// shared lets all who want the same thing at the same time wait for one piece
// of work. The work goes on for as long as anybody waits for it, whoever began
// it, and no lock is held meanwhile.
type shared[T any] struct {
	mu      sync.Mutex
	running *sharedWork[T]
}

type sharedWork[T any] struct {
	done    chan struct{} // closed when value and err are there
	value   T
	err     error
	cancel  context.CancelFunc
	waiting int
}

// do returns what work returns, after at most limit, or the error of ctx.
func (s *shared[T]) do(ctx context.Context, limit time.Duration, work func(context.Context) (T, error)) (T, error) {
	w := s.join(limit, work)
	defer s.leave(w)
	select {
	case <-w.done:
		return w.value, w.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func (s *shared[T]) join(limit time.Duration, work func(context.Context) (T, error)) *sharedWork[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.waiting++
		return s.running
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	w := &sharedWork[T]{done: make(chan struct{}), cancel: cancel, waiting: 1}
	s.running = w
	go func() {
		defer close(w.done)
		w.value, w.err = work(ctx)
		s.end(w)
	}()
	return w
}

// leave ends the work when nobody waits for it any more.
func (s *shared[T]) leave(w *sharedWork[T]) {
	s.mu.Lock()
	w.waiting--
	last := w.waiting == 0
	s.mu.Unlock()
	if last {
		s.end(w)
	}
}

// end makes the next caller begin anew.
func (s *shared[T]) end(w *sharedWork[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.cancel()
	if s.running == w {
		s.running = nil
	}
}
