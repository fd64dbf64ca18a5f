// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

const (
	lockPoll = 20 * time.Millisecond
	// writeWait bounds the wait for other writers. Each of them may have to
	// wait for a keyring that does not answer.
	writeWait = 30 * time.Second
	// heldTime is how long a write waits before anybody is told what for.
	heldTime = 3 * time.Second
)

var errNoDir = errcode.New(errcode.Internal, "the credential store has no directory")

// lockTold is lockFile that tells held what it waits for, unless that is nil or it
// is a matter of moments.
func lockTold(ctx context.Context, path string, wait time.Duration, held func(*BusyError)) (func(), error) {
	if held == nil || wait <= heldTime {
		return lockFile(ctx, path, wait)
	}
	unlock, err := lockFile(ctx, path, heldTime)
	var busy *BusyError
	if !errors.As(err, &busy) || ctx.Err() != nil {
		return unlock, err
	}
	held(busy)
	return lockFile(ctx, path, wait-heldTime)
}

// lockFile waits for a lock as long as ctx lasts, and at most for wait if that is
// not 0.
func lockFile(ctx context.Context, path string, wait time.Duration) (func(), error) {
	if _, err := plainfile.Within(filepath.Dir(path), func() (struct{}, error) { return struct{}{}, os.MkdirAll(filepath.Dir(path), dirMode) }); err != nil {
		return nil, inState(writing, err)
	}
	if _, err := plainfile.Check(path, plainfile.Own); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, inState(writing, err)
	}
	waiting := ctx
	if wait > 0 {
		var cancel context.CancelFunc
		waiting, cancel = context.WithTimeout(ctx, wait)
		defer cancel()
	}
	lock := flock.New(path, flock.SetFlag(plainfile.LockFlags), flock.SetPermissions(fileMode))
	locked, err := lock.TryLockContext(waiting, lockPoll)
	switch {
	case locked && err == nil:
		noteHolder(path)
		return sync.OnceFunc(func() {
			forgetHolder(path)
			_ = lock.Unlock()
		}), nil
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("wait for lock %s: %w", path, ctx.Err())
	case waiting.Err() != nil:
		return nil, &BusyError{Path: path, PID: holder(path)}
	}
	return nil, inState(writing, fmt.Errorf("lock %s: %w", path, err))
}

// holderAt is where a lock file tells who holds it. The first byte is the one
// that Windows locks, and lets nobody else read.
const holderAt = 1

// noteHolder writes down which process has the lock, for those who wait in vain.
func noteHolder(path string) {
	if f, err := os.OpenFile(path, plainfile.LockFlags&^os.O_CREATE, 0); err == nil {
		_, _ = f.WriteAt(fmt.Appendf(nil, "%-20d\n", os.Getpid()), holderAt)
		_ = plainfile.GiveBack(f)
		_ = f.Close()
	}
}

func forgetHolder(path string) {
	if f, err := os.OpenFile(path, plainfile.LockFlags&^os.O_CREATE, 0); err == nil {
		_ = f.Truncate(0)
		_ = f.Close()
	}
}

func holder(path string) int {
	f, err := plainfile.Open(path, plainfile.Own)
	if err != nil {
		return 0
	}
	defer f.Close()
	text := make([]byte, 20)
	n, _ := f.ReadAt(text, holderAt)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	return pid
}
