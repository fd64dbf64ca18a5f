// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestLookUpIsShared: requests that are refused at once ask once; one that began
// later asks anew; many in a short time are content with the last answer.
func TestLookUpIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		denied := errors.New("denied")
		l := appLookup{now: time.Now, ask: func(ctx context.Context) error {
			asked++
			time.Sleep(100 * time.Millisecond)
			return denied
		}}
		all := func(n int) {
			began := time.Now()
			var work sync.WaitGroup
			for range n {
				work.Go(func() {
					time.Sleep(10 * time.Millisecond) // on its way
					if err := l.why(t.Context(), began); !errors.Is(err, denied) {
						t.Errorf("it says %v", err)
					}
				})
			}
			work.Wait()
		}
		for round := range 3 {
			all(50)
			if asked != round+1 {
				t.Fatalf("asked %d times in round %d", asked, round)
			}
		}
		for range 100 {
			if err := l.why(t.Context(), time.Now()); !errors.Is(err, denied) {
				t.Fatalf("it says %v", err)
			}
		}
		if asked > lookups {
			t.Errorf("asked %d times within %v", asked, lookupTime)
		}
		time.Sleep(lookupTime)
		all(1)
		if asked != lookups+1 {
			t.Errorf("asked %d times, want once more after a while", asked)
		}
	})
}

// TestSharedWorkEndsWithItsLast: work that nobody waits for is stopped, and one
// who goes takes nothing from the others.
func TestSharedWorkEndsWithItsLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s shared[int]
		var stopped, begun int
		work := func(ctx context.Context) (int, error) {
			begun++
			select {
			case <-time.After(time.Second):
				return 7, nil
			case <-ctx.Done():
				stopped++
				return 0, ctx.Err()
			}
		}
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := s.do(short, time.Minute, work); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who goes hears %v", err)
			}
		})
		both.Go(func() {
			if v, err := s.do(t.Context(), time.Minute, work); v != 7 || err != nil {
				t.Errorf("who stays hears %d, %v", v, err)
			}
		})
		both.Wait()
		if begun != 1 || stopped != 0 {
			t.Errorf("begun %d times, stopped %d times", begun, stopped)
		}
		if _, err := s.do(short, time.Minute, work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("alone: %v", err)
		}
		synctest.Wait()
		if begun != 2 || stopped != 1 {
			t.Errorf("begun %d times, stopped %d times", begun, stopped)
		}
		if _, err := s.do(t.Context(), 10*time.Millisecond, work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("over its limit: %v", err)
		}
	})
}
