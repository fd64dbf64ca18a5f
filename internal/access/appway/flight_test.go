// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestFlightEndsWithItsLast: work that nobody waits for is stopped, and one
// who goes takes nothing from the others.
func TestFlightEndsWithItsLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept *flight[int]
		m := &machine{life: t.Context()}
		defer m.work.Wait()
		to := func(limit time.Duration) route[int] {
			return route[int]{probeBegun, probeEnded, func(*state) **flight[int] { return &kept }, limit}
		}
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
			if _, err := share(short, m, to(time.Minute), work); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who goes hears %v", err)
			}
		})
		both.Go(func() {
			if v, err := share(t.Context(), m, to(time.Minute), work); v != 7 || err != nil {
				t.Errorf("who stays hears %d, %v", v, err)
			}
		})
		both.Wait()
		if begun != 1 || stopped != 0 {
			t.Errorf("begun %d times, stopped %d times", begun, stopped)
		}
		if _, err := share(short, m, to(time.Minute), work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("alone: %v", err)
		}
		synctest.Wait()
		if begun != 2 || stopped != 1 {
			t.Errorf("begun %d times, stopped %d times", begun, stopped)
		}
		if _, err := share(t.Context(), m, to(10*time.Millisecond), work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("over its limit: %v", err)
		}
	})
}

// TestStoppedFlightIsNotJoined: who comes when the last one goes begins anew, and
// does not hear that the work was stopped. The rules of the state say so at each move.
func TestStoppedFlightIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machine{life: t.Context()}
		defer m.work.Wait()
		work := func(ctx context.Context) (*link, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := share(short, m, toLink, work); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who goes hears %v", err)
		}
	})
}
