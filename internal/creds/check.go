// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"os"
)

// Check tells whether credentials can be kept in a backend, so that nobody
// signs in only to learn that the result cannot be stored. Its errors are
// those of SaveLogin: *KeyringError, *StateError, *plainfile.ModeError and its
// like.
func (s *Store) Check(ctx context.Context, b Backend) error {
	if s.Dir == "" {
		return errNoDir
	}
	backend, err := s.backend(b.orDefault())
	if err != nil {
		return err
	}
	if err := backend.usable(ctx, "check"); err != nil {
		return err
	}
	dirs := []string{profileDir, indexDir}
	if b.orDefault() == File {
		dirs = append(dirs, storeDir)
	}
	for _, dir := range dirs {
		if err := s.dir().checkRoom(dir); err != nil {
			return err
		}
	}
	return nil
}

// roomForLogin is more than a login takes in any of the folders, in bytes.
const roomForLogin = 16 << 10

// checkRoom writes a file into a folder and removes it. Its name is that of a
// temporary one, so that the next writer removes it where this process cannot.
func (d stateDir) checkRoom(name string) error {
	dir := d.path(name)
	if err := d.make(dir); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".check"+temporarySuffix+"-*")
	if err != nil {
		return inState(writing, err)
	}
	_, err = f.Write(make([]byte, roomForLogin))
	return inState(writing, errors.Join(err, f.Close(), removeFile(f.Name())))
}
