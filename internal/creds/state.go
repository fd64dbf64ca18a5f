// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"encoding/json"
	"errors"
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

// stateDir is the path of the state directory.
type stateDir string

// path is that of a file in one of its folders.
func (d stateDir) path(parts ...string) string {
	return filepath.Join(append([]string{string(d)}, parts...)...)
}

// read returns the content of a file of the state directory.
func (d stateDir) read(path string) ([]byte, error) { return d.readUpTo(path, maxState) }

// readUpTo is read for a file that has a bound of its own, in bytes.
func (d stateDir) readUpTo(path string, limit int64) ([]byte, error) {
	if err := d.check(filepath.Dir(path)); err != nil {
		return nil, err
	}
	data, err := plainfile.Read(path, plainfile.Own, limit)
	return data, inState(reading, err)
}

// list lists a folder of the state directory.
func (d stateDir) list(name string) ([]os.DirEntry, error) {
	folder := d.path(name)
	if err := d.check(folder); err != nil {
		return nil, err
	}
	entries, err := plainfile.List(folder)
	return entries, inState(reading, err)
}

// check checks the state directory and a folder in it, which may be itself.
func (d stateDir) check(folder string) error {
	if err := plainfile.CheckBase(string(d)); err != nil || folder == d.path() {
		return inState(reading, err)
	}
	return inState(reading, plainfile.CheckDir(folder))
}

// writeJSON and write create the folder if need be.
func (d stateDir) writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return d.write(path, append(data, '\n'))
}

func (d stateDir) write(path string, data []byte) error {
	if err := d.make(filepath.Dir(path)); err != nil {
		return err
	}
	return replace(path, data)
}

// make makes a folder of the state directory, if need be, and checks it.
func (d stateDir) make(folder string) error {
	return inState(writing, plainfile.MakeDir(string(d), folder))
}

// sweepTemporary is called under the lock for writers, so that what is temporary
// now was left by somebody who is dead. What cannot be removed is tried again by
// the next writer.
func (d stateDir) sweepTemporary() {
	for _, folder := range []string{".", profileDir, indexDir, storeDir} {
		_ = d.remove(folder, isTemporary)
	}
}

// remove removes files of a folder by name. It does not look at modes: what
// others can read is best deleted.
func (d stateDir) remove(folder string, match func(name string) bool) error {
	entries, err := plainfile.List(d.path(folder))
	errs := []error{ignoreNotExist(inState(reading, err))}
	for _, e := range entries {
		if !e.IsDir() && match(e.Name()) {
			errs = append(errs, removeFile(d.path(folder, e.Name())))
		}
	}
	return errors.Join(errs...)
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
