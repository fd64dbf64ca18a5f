// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often to look whether the lock is free.
const lockPoll = 20 * time.Millisecond

// lock keeps other processes of this program from editing the file at target.
//
// The lock file is beside it, because only that place is the same for every
// process, whatever its environment; a temporary or state folder is not. It is
// removed again: a holder unlinks the file before letting go, and whoever then
// gets the lock of the unlinked file sees that and tries anew. A killed holder
// leaves an empty file, which the next one uses and removes.
func lock(target string, timeout time.Duration) (unlock func(), err error) {
	name := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".tshmcp-lock")
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	for {
		l := flock.New(name, flock.SetPermissions(0o600))
		_, err := l.TryLockContext(ctx, lockPoll)
		switch {
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
