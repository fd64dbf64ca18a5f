// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// TestLookUpIsShared: requests that are refused at once ask once; one that began
// later asks anew; many in a short time are content with the last answer.
func TestLookUpIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		denied := errors.New("denied")
		w := New(t.Context(), Config{App: "notes", Now: time.Now, Open: func(string) (*access.Cluster, error) {
			asked++
			time.Sleep(100 * time.Millisecond)
			return nil, denied
		}})
		defer w.Close()
		all := func(n int) {
			began := time.Now()
			var work sync.WaitGroup
			for range n {
				work.Go(func() {
					time.Sleep(10 * time.Millisecond) // on its way
					if err := w.look.why(t.Context(), began); !errors.Is(err, denied) {
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
			if err := w.look.why(t.Context(), time.Now()); !errors.Is(err, denied) {
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
