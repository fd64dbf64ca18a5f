// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestHeldIsTold: a write that waits says once for whom, and goes on waiting.
func TestHeldIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		held time.Duration // by the other one
		told bool
		busy bool
	}{
		"a moment":      {held: time.Second},
		"some seconds":  {held: 6 * time.Second, told: true},
		"for very long": {held: time.Minute, told: true, busy: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				unlock, err := (&Store{Dir: dir}).lockWrites(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(test.held, unlock)
				start := time.Now()
				var told []time.Duration
				s := &Store{Dir: dir, LockWait: 10 * time.Second, Held: func(e *BusyError) {
					told = append(told, time.Since(start))
					if e.PID != os.Getpid() {
						t.Errorf("it tells of %v", e)
					}
				}}
				err = s.SaveLogin(t.Context(), profileOf("alice", File), pairOf("login"))
				took := time.Since(start)
				if errors.Is(err, ErrBusy) != test.busy || err != nil && !test.busy {
					t.Errorf("it ends with %v", err)
				}
				if (len(told) == 1) != test.told || test.told && told[0].Round(time.Second) != heldTime {
					t.Errorf("told after %v", told)
				}
				if want := min(test.held, s.LockWait); took.Round(time.Second) != want {
					t.Errorf("it took %v, want %v", took, want)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}
