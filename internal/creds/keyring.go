// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"time"

	gokeyring "github.com/zalando/go-keyring"
)

const (
	service        = "tshmcp" // the service name of every entry
	defaultTimeout = 5 * time.Second
)

// keyring is the part of the operating system's keyring that is used here.
// get and delete return ErrNotFound when there is no such entry.
type keyring interface {
	get(account string) (string, error)
	set(account, secret string) error
	delete(account string) error
}

// osKeyring is Secret Service on Linux, the keychain on macOS and the
// credential manager on Windows.
type osKeyring struct{}

func (osKeyring) get(account string) (string, error) {
	secret, err := gokeyring.Get(service, account)
	return secret, notFound(err)
}

func (osKeyring) set(account, secret string) error { return gokeyring.Set(service, account, secret) }

func (osKeyring) delete(account string) error { return notFound(gokeyring.Delete(service, account)) }

func notFound(err error) error {
	if errors.Is(err, gokeyring.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

// timedKeyring bounds each call by a timeout and by the caller's context; while
// the keyring is silent, all calls together by one timeout.
// go-keyring knows neither, so a call that takes too long is left to its
// goroutine: it ends when the keyring answers or the process exits, and what
// it may still write is one entry that the checksum of a manifest covers.
type timedKeyring struct {
	keyring keyring
	timeout time.Duration
	silence *silence
	asking  func() // as in Store; may be nil
}

func (k timedKeyring) get(ctx context.Context, account string) (string, error) {
	return k.call(ctx, "get", func() (string, error) { return k.keyring.get(account) })
}

func (k timedKeyring) set(ctx context.Context, account, secret string) error {
	_, err := k.call(ctx, "set", func() (string, error) { return "", k.keyring.set(account, secret) })
	return err
}

func (k timedKeyring) delete(ctx context.Context, account string) error {
	_, err := k.call(ctx, "delete", func() (string, error) { return "", k.keyring.delete(account) })
	return err
}

func (k timedKeyring) call(ctx context.Context, op string, f func() (string, error)) (string, error) {
	if ctx.Err() != nil {
		return "", interrupted(ctx, op)
	}
	start := time.Now()
	left := k.silence.left(start, k.timeout)
	if left == 0 {
		return "", noAnswer(op)
	}
	type answer struct {
		secret string
		err    error
	}
	answered := make(chan answer, 1) // so that an abandoned call can end
	go func() {
		secret, err := f()
		k.silence.answered()
		answered <- answer{secret, err}
	}()
	timer := time.NewTimer(left)
	defer timer.Stop()
	if k.asking != nil && left > defaultTimeout {
		told := time.AfterFunc(heldTime, k.asking)
		defer told.Stop()
	}
	select {
	case a := <-answered:
		return a.secret, keyringError(op, a.err)
	case <-timer.C:
		k.silence.unanswered(start)
		return "", noAnswer(op)
	case <-ctx.Done():
		return "", interrupted(ctx, op)
	}
}

func noAnswer(op string) error {
	return &KeyringError{Op: op, Timeout: true}
}

// interrupted keeps apart a caller that gave up and a keyring that took longer
// than the caller's own deadline.
func interrupted(ctx context.Context, op string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return noAnswer(op)
	}
	return fmt.Errorf("keyring %s: %w", op, ctx.Err())
}

func keyringError(op string, err error) error {
	if err == nil || errors.Is(err, ErrNotFound) {
		return err
	}
	return &KeyringError{Op: op, Err: err}
}
