// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// CheckKeyring asks the operating system's keyring for something, whatever it may
// have. An error is a *[KeyringError], or that of ctx.
func CheckKeyring(ctx context.Context, s *Store) error {
	return keyringBackend{s.timedKeyring()}.usable(ctx, "check")
}

// maxAudited bounds how many files are looked at: there are a few for each login.
const maxAudited = 10_000

// Audit looks at everything in the state directory as whoever uses it does: its
// owner, its mode, what it is, whether profiles can be read and whether there is
// room for a login. files is how many there are; 0 without an error is that
// nothing was kept yet. Nothing is changed.
func Audit(ctx context.Context, s *Store) (files int, errs []error) {
	if s.Dir == "" {
		return 0, []error{errNoDir}
	}
	root, err := plainfile.Within(s.Dir, func() (string, error) { return filepath.EvalSymlinks(s.Dir) })
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	var placed *fs.PathError
	var slow *plainfile.SlowError
	if err != nil && !errors.As(err, &placed) && !errors.As(err, &slow) { // it does not always say where
		err = &fs.PathError{Op: "open", Path: s.Dir, Err: err}
	}
	if err == nil {
		err = plainfile.CheckBase(s.Dir)
	}
	if err != nil {
		return 0, []error{inState(reading, err)}
	}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil, files >= maxAudited:
			return fs.SkipAll
		case err == nil && path == root:
			return nil
		case err == nil && d.IsDir():
			err = plainfile.CheckDir(path)
		case err == nil:
			files++
			_, err = plainfile.Check(path, plainfile.Own)
		}
		if err = ignoreNotExist(inState(reading, err)); err != nil {
			errs = append(errs, err)
		}
		if err != nil && d != nil && d.IsDir() {
			return fs.SkipDir // one word about a folder is enough
		}
		return nil
	})
	if len(errs) == 0 {
		errs = append(errs, useful(s, root)...)
	}
	return files, errs
}

// useful is whether what is there can be read, and more can be written.
func useful(s *Store, root string) (errs []error) {
	if _, err := s.Profiles(); err != nil {
		errs = append(errs, err)
	}
	if err := stateDir(root).checkRoom("."); err != nil {
		errs = append(errs, err)
	}
	return errs
}
