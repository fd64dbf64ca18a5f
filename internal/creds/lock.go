// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockPoll = 20 * time.Millisecond
	// writeWait bounds the wait for other writers. Each of them may have to
	// wait for a keyring that does not answer.
	writeWait = 30 * time.Second
)

var errNoDir = errors.New("the credential store has no directory")

// Lock keeps other processes, and other callers in this one, from taking the
// lock of the same name until unlock is called. It waits as long as ctx lasts.
// The system frees the lock when its holder dies; the file stays. The store's
// own writes use another lock, so a Lock may be held around them.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	return s.lockFile(ctx, filepath.Join("locks", fileName(name)+".lock"))
}

// lockWrites lets one writer at a time through.
func (s *Store) lockWrites(ctx context.Context) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, writeWait)
	defer cancel()
	return s.lockFile(ctx, "write.lock")
}

func (s *Store) lockFile(ctx context.Context, name string) (func(), error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	path := filepath.Join(s.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return nil, err
	}
	lock := flock.New(path, flock.SetPermissions(fileMode))
	if ok, err := lock.TryLockContext(ctx, lockPoll); err != nil || !ok {
		return nil, fmt.Errorf("wait for lock %s: %w", path, err)
	}
	return func() { _ = lock.Unlock() }, nil
}
