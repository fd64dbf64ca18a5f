// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hung returns a store whose keyring never answers until release is called.
func hung(t *testing.T, timeout time.Duration) (s *Store, release func()) {
	k := newMemoryKeyring(t)
	answer := make(chan struct{})
	k.before = func(string, string) error {
		<-answer
		return nil
	}
	return &Store{Dir: t.TempDir(), Timeout: timeout, keyring: k}, func() { close(answer) }
}

func TestHungKeyring(t *testing.T) {
	for _, tc := range []struct {
		name    string
		timeout time.Duration
		want    time.Duration
	}{
		{"default", 0, 5 * time.Second},
		{"configured", time.Minute, time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, release := hung(t, tc.timeout)
				defer synctest.Wait() // for the abandoned calls
				defer release()
				p := Profile{Proxy: "p:443", Username: "u"}
				start := time.Now() // of all: the second call has no wait of its own
				for op, call := range map[string]func() error{
					"login": func() error { _, err := s.Login(t.Context(), &p); return err },
					"save":  func() error { return s.SaveLogin(t.Context(), p, KeyPair{}) },
				} {
					err := call()
					var ke *KeyringError
					if !errors.As(err, &ke) || !ke.Timeout || ke.Op != "get" || errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("%s: %#v; want a timeout of the keyring", op, err)
					}
					if took := time.Since(start); took != tc.want {
						t.Errorf("%s: took %v, want %v", op, took, tc.want)
					}
				}
			})
		})
	}
}

func TestHungKeyringWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, release := hung(t, time.Minute)
		defer synctest.Wait()
		defer release()
		p := &Profile{Proxy: "p:443", Username: "u"}
		var ke *KeyringError

		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		if _, err := s.Login(ctx, p); !errors.Is(err, context.Canceled) || errors.As(err, &ke) {
			t.Errorf("cancelled: %#v; want context.Canceled", err)
		}
		if _, err := s.Login(ctx, p); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: %#v; want context.Canceled", err)
		}
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Login(ctx, p); !errors.As(err, &ke) || !ke.Timeout {
			t.Errorf("deadline: %#v; want a timeout of the keyring", err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %v, want 2s", took)
		}
	})
}

// lateKeyring keeps the nth set waiting until it is released.
type lateKeyring struct {
	*memoryKeyring
	n       atomic.Int32
	release chan struct{}
}

func (k *lateKeyring) set(account, secret string) error {
	if k.n.Add(-1) == 0 {
		<-k.release
	}
	return k.memoryKeyring.set(account, secret)
}

// TestLateAnswer has a write that was given up reach the keyring after a later
// one: the result must not be a mixture.
func TestLateAnswer(t *testing.T) {
	for n := range int32(3) { // two parts and the manifest
		synctest.Test(t, func(t *testing.T) {
			k := &lateKeyring{memoryKeyring: newMemoryKeyring(t), release: make(chan struct{})}
			b := keyringBackend{timedKeyring{k, time.Second, new(silence), nil}}
			mustSave(t, b, textOf("o", 2))
			k.n.Store(n + 1)
			var ke *KeyringError
			if err := b.save(t.Context(), account, textOf("n", 2)); !errors.As(err, &ke) || ke.Op != "set" || !ke.Timeout {
				t.Errorf("set %d: %v; want a timeout", n, err)
			}
			mustSave(t, keyringBackend{timedKeyring{k, time.Second, new(silence), nil}}, textOf("x", 2)) // of another process
			close(k.release)
			synctest.Wait()
			if got, err := b.load(t.Context(), account); got != "" || !errors.Is(err, ErrNotFound) {
				t.Errorf("set %d: %.10s..., %v; want ErrNotFound", n, got, err)
			}
		})
	}
}

func TestKeyringRefuses(t *testing.T) {
	refused := errors.New("no such bus")
	k := newMemoryKeyring(t)
	k.before = func(string, string) error { return refused }
	s := &Store{Dir: t.TempDir(), keyring: k}
	_, err := s.Login(t.Context(), &Profile{Proxy: "p:443", Username: "u"})
	var ke *KeyringError
	if !errors.As(err, &ke) || ke.Timeout || ke.Err != refused || errors.Is(err, refused) || err.Error() != "keyring get: no such bus" {
		t.Errorf("%#v", err)
	}
}
