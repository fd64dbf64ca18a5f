// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestSilence: the first call waits, the others do not, until the keyring
// answers or it is time to try again.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, release := hung(t, 0)
		defer synctest.Wait()
		p := Profile{Proxy: "p:443", Username: "u"}
		start := time.Now()
		login := func(want time.Duration) {
			t.Helper()
			_, err := s.Login(t.Context(), &p)
			var ke *KeyringError
			if !errors.As(err, &ke) || !ke.Timeout {
				t.Errorf("%v; want a timeout of the keyring", err)
			}
			if at := time.Since(start); at != want {
				t.Errorf("told after %v, want %v", at, want)
			}
		}
		login(5 * time.Second)
		for range 20 {
			login(5 * time.Second)
		}
		time.Sleep(20 * time.Second)
		login(25 * time.Second)
		// A person who logs in has more patience, counted from the same moment.
		var asked []time.Duration
		patient := &Store{Dir: s.Dir, Timeout: time.Minute, keyring: s.keyring, Asking: func() { asked = append(asked, time.Since(start)) }}
		patient.silence.since = s.silence.since
		if err := patient.Check(t.Context(), Keyring); err == nil || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		synctest.Wait() // for what was asked
		if len(asked) != 1 || asked[0] != 28*time.Second {
			t.Errorf("that it is waited for was told at %v", asked)
		}
		login(65 * time.Second) // tried again
		login(65 * time.Second)
		release()
		synctest.Wait()
		if _, err := s.Login(t.Context(), &p); !errors.Is(err, ErrNotFound) {
			t.Errorf("after it was unlocked: %v", err)
		}
	})
}

// TestSilenceOfMany has many callers at once: all are told when the first is.
func TestSilenceOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, release := hung(t, 0)
		defer synctest.Wait()
		defer release()
		p := profileOf("alice", Keyring)
		start := time.Now()
		done := make(chan time.Duration, 20)
		for n := range cap(done) {
			go func() {
				time.Sleep(time.Duration(n) * 100 * time.Millisecond)
				for range 3 {
					_, _ = s.App(t.Context(), &p, App{Name: "grafana"})
				}
				done <- time.Since(start)
			}()
		}
		for range cap(done) {
			if took := <-done; took > 7*time.Second {
				t.Errorf("told after %v", took)
			}
		}
	})
}

// TestBusy: a write does not wait for others longer than it was told to, and what
// it did not get to write can be written later.
func TestBusy(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", Keyring)
	saveLogin(t, s, p, "login")
	unlock, err := (&Store{Dir: s.Dir}).lockWrites(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.LockWait = 50 * time.Millisecond
	for what, write := range map[string]func(context.Context) error{
		"app":    func(ctx context.Context) error { return s.SaveApp(ctx, &p, App{Name: "grafana"}, pairOf("grafana")) },
		"amend":  func(ctx context.Context) error { return s.Amend(ctx, &p, func(*Profile) {}) },
		"delete": func(ctx context.Context) error { return s.deleteApp(ctx, &p, App{Name: "grafana"}) },
		"logout": func(ctx context.Context) error { return s.DeleteLogin(ctx, "") },
		"login":  func(ctx context.Context) error { return s.SaveLogin(ctx, p, pairOf("next")) },
		"sweep":  func(ctx context.Context) error { return s.Sweep(ctx) },
	} {
		start := time.Now()
		var busy *BusyError
		if err := write(t.Context()); !errors.As(err, &busy) || !errors.Is(err, ErrBusy) || errors.Is(err, context.DeadlineExceeded) || busy.PID == 0 {
			t.Errorf("%s: %v; want ErrBusy", what, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: took %v", what, took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := write(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, interrupted: %v", what, err)
		}
	}
	unlock()
	saveApp(t, s, p, "grafana", "grafana")
	wantApp(t, s, p, "grafana", "grafana")
}
