// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// Sweep removes what killed processes have left: files that were being written,
// and, where there is no login any more, whatever is in the file store or names
// a current login. Each write does the first by itself.
func (s *Store) Sweep(ctx context.Context) (err error) {
	defer toRemove(&err)
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if proxies, err := s.Proxies(); err != nil || len(proxies) > 0 {
		return err
	}
	return errors.Join(
		removeFile(filepath.Join(s.Dir, currentFile)),
		s.removeFiles(storeDir, func(string) bool { return true }))
}

// sweepTemporary is called under the lock for writers, so that what is temporary
// now was left by somebody who is dead. What cannot be removed is tried again by
// the next writer.
func (s *Store) sweepTemporary() {
	for _, dir := range []string{".", profileDir, indexDir, storeDir} {
		_ = s.removeFiles(dir, isTemporary)
	}
}

// removeFiles does not look at modes: what others can read is best deleted.
func (s *Store) removeFiles(dir string, match func(name string) bool) error {
	entries, err := os.ReadDir(filepath.Join(s.Dir, dir))
	errs := []error{ignoreNotExist(inState(reading, err))}
	for _, e := range entries {
		if !e.IsDir() && match(e.Name()) {
			errs = append(errs, removeFile(filepath.Join(s.Dir, dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}
