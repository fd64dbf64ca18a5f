// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package atomicfile writes a file so that a reader, or a crash at any moment,
// sees either the old content or the new one, never a part.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the file at path by data with the given mode: a temporary
// file in the same directory is written, synced and renamed onto path. On an
// error the old file is untouched and the temporary one is removed. A symlink
// at path is replaced; callers that must keep it resolve it first.
func Write(path string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".tmp-*")
	if err != nil {
		return fmt.Errorf("create temporary file: %w", err)
	}
	staged, err := fill(f, data, mode)
	if err != nil {
		return err
	}
	return staged.Commit(path)
}

// Staged is a complete file that is not in its place yet.
type Staged struct {
	Name string // its path until then
}

// Stage writes the new content of a file under a name in the same directory. A
// file of that name, which a killed process may have left, is removed first;
// callers see to it that only one of them stages under a name at a time. Write
// is Stage and Commit for those who have nothing to do in between.
func Stage(name string, data []byte, mode fs.FileMode) (*Staged, error) {
	f, err := create(name, 0o600)
	if err != nil {
		return nil, err
	}
	return fill(f, data, mode)
}

// StageNew is Stage for a file that other people may read: the umask takes from
// the mode what it takes from any new file's.
func StageNew(name string, data []byte, mode fs.FileMode) (*Staged, error) {
	f, err := create(name, mode)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(name))
	}
	return fill(f, data, info.Mode().Perm())
}

// create makes a new file in the place of one that was left.
func create(name string, mode fs.FileMode) (*os.File, error) {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
}

// file is the part of [os.File] that fill uses; tests have some that fail.
type file interface {
	Name() string
	Chmod(fs.FileMode) error
	Write([]byte) (int, error)
	Sync() error
	Close() error
}

// fill writes a new file; on an error it is removed.
func fill(f file, data []byte, mode fs.FileMode) (_ *Staged, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(f.Close()), os.Remove(f.Name()))
		}
	}()
	if err := f.Chmod(mode); err != nil {
		return nil, err
	}
	if _, err := f.Write(data); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return &Staged{Name: f.Name()}, nil
}

// Commit puts the file at path. On an error the old file there is untouched and
// the new one is removed.
func (s *Staged) Commit(path string) error {
	if err := rename(s.Name, path); err != nil {
		return errors.Join(err, s.Discard())
	}
	SyncFolder(filepath.Dir(path))
	return nil
}

// CommitNew is Commit for a path where no file is. If there is one meanwhile, it
// is untouched, the error is [fs.ErrExist], and the new one stays staged.
func (s *Staged) CommitNew(path string) error {
	err := renameNew(s.Name, path)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return s.Commit(path)
	case err != nil:
		return err
	}
	SyncFolder(filepath.Dir(path))
	return nil
}

// Exchange puts the file at path, and the one that was there under Name, in one
// step: the caller can see what it has replaced, and put it back by another
// Exchange. Errors: [fs.ErrNotExist], [errors.ErrUnsupported] where the system
// cannot, or another; both files are as they were then. It returns at once: what
// is to last for sure needs a [SyncFolder] afterwards.
func (s *Staged) Exchange(path string) error { return exchange(s.Name, path) }

// Discard removes the file under Name, if it is not in its place yet. It is safe
// on nil, after Commit and without a Name.
func (s *Staged) Discard() error {
	if s == nil || s.Name == "" {
		return nil
	}
	if err := os.Remove(s.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
