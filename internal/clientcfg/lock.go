// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// lockPoll is how often to look whether the lock is free.
const lockPoll = 20 * time.Millisecond

// lock keeps other processes of this program from editing the file at target.
//
// The lock file is beside it, because only that place is the same for every
// process, whatever its environment; a temporary or state folder is not. It is
// removed again: a holder unlinks the file before letting go, and whoever then
// gets the lock of the unlinked file sees that and tries anew. A killed holder
// leaves an empty file, which the next one uses and removes. A lock that is free
// needs no time; a timeout of 0 is for who does not wait.
func lock(ctx context.Context, target string, timeout time.Duration) (unlock func(), err error) {
	name := hidden(target, lockSuffix)
	if err := checkLock(name); err != nil {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for first := true; ; first = false {
		l := flock.New(name, flock.SetFlag(plainfile.LockFlags), flock.SetPermissions(0o600))
		err := acquire(wait, l, first)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			return nil, fmt.Errorf("%w: another tshmcp holds the lock", ErrBusy)
		case errors.Is(err, errors.ErrUnsupported):
			// This file system has no locks. Reading again before the rename
			// still finds most collisions.
			return func() { _ = os.Remove(name) }, nil
		case err != nil:
			return nil, err
		case current(l, name):
			return func() { release(l, name) }, nil
		}
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
}

// acquire waits for the lock. The first time it tries also when there is no time: on a
// busy machine a short wait is over before it has begun.
func acquire(wait context.Context, l *flock.Flock, first bool) error {
	if first && !errors.Is(wait.Err(), context.Canceled) {
		if held, err := l.TryLock(); held || err != nil {
			return err
		}
	}
	_, err := l.TryLockContext(wait, lockPoll)
	return err
}

// checkLock refuses what is no plain file: whoever writes to a project could have
// put a link there, so that a file is made elsewhere, or a pipe, which waits.
func checkLock(name string) error {
	_, err := plainfile.Check(name, plainfile.Own)
	var kind *plainfile.KindError
	if errors.As(err, &kind) {
		return err
	}
	return nil // who owns it shows when it is opened
}

// current reports whether the file that l has locked is still the one of that
// name.
func current(l *flock.Flock, name string) bool {
	locked, err := l.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(locked, there)
}
