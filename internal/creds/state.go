// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// Everything in the state directory is this program's own: what others own, can
// change or can read is not used, and neither is what is no plain file.

const (
	dirMode  = plainfile.OwnDirMode
	fileMode = plainfile.OwnMode
	// maxState bounds a file of the state directory in bytes: one that is
	// damaged or wrong, far above any profile.
	maxState = 4 << 20
)

// read returns the content of a file of the state directory.
func (s *Store) read(path string) ([]byte, error) {
	if err := s.checkDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	data, err := plainfile.Read(path, plainfile.Own, maxState)
	return data, inState(reading, err)
}

// readDir lists a folder of the state directory.
func (s *Store) readDir(name string) ([]os.DirEntry, error) {
	dir := filepath.Join(s.Dir, name)
	if err := s.checkDir(dir); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	return entries, inState(reading, err)
}

// checkDir checks the state directory and a folder in it, which may be itself.
func (s *Store) checkDir(dir string) error {
	if err := plainfile.CheckBase(s.Dir); err != nil || dir == s.Dir {
		return inState(reading, err)
	}
	return inState(reading, plainfile.CheckDir(dir))
}

// writeJSON and write create the folder if need be.
func (s *Store) writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.write(path, append(data, '\n'))
}

func (s *Store) write(path string, data []byte) error {
	if err := makeDir(s, filepath.Dir(path)); err != nil {
		return err
	}
	return replace(path, data)
}

// makeDir makes a folder of the state directory, if need be, and checks it.
func makeDir(s *Store, dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return inState(writing, err)
	}
	return s.checkDir(dir)
}

// temporarySuffix ends the name of a file that is being written.
const temporarySuffix = ".tmp"

// replace writes a file under the lock for writers. Its temporary name is always
// the same, so that what a killed process leaves is overwritten by the next one,
// and found by sweepTemporary.
func replace(path string, data []byte) error {
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+temporarySuffix)
	staged, err := atomicfile.Stage(name, data, fileMode)
	if err == nil {
		err = staged.Commit(path)
	}
	return inState(writing, err)
}

// isTemporary knows the names of earlier releases too, which were random.
func isTemporary(name string) bool {
	return strings.HasPrefix(name, ".") && (strings.HasSuffix(name, temporarySuffix) || strings.Contains(name, temporarySuffix+"-"))
}
