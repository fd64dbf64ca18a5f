// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package journal keeps what bridges did: one log for all of them, in the state
// directory, which never grows beyond a few megabytes. It has methods, ids, times
// and codes, and never what was said: an attribute that is not known to be
// harmless is left out, whoever logs it.
//
//	file      the log on disk, which several processes write (file)
//	handler   what of a record goes into it                  (handler)
//	read      the way back                                   (read)
package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// The bounds of the log: so many files of that many bytes.
const (
	maxFiles = 3
	maxBytes = 1 << 20
)

// Gather is how long lines are kept for, to be written together: each write opens
// the file anew, and a call is a line.
const Gather = 100 * time.Millisecond

// dir and name are where the log is in the state directory. Older parts have a
// number behind the name.
const (
	dir  = "logs"
	name = "connect.log"
)

// path is the file with the newest records in a state directory.
func path(state string) string { return filepath.Join(state, dir, name) }

// part is the file of older records, n of 1 and on; 0 is the newest.
func part(path string, n int) string {
	if n == 0 {
		return path
	}
	return path + "." + string(rune('0'+n))
}

// File is the log, as a stream of whole lines. Several processes write it at a
// time: each Write of lines is one at the file's end, and the file is open no longer
// than that takes, so that any of them can put another one in its place.
type File struct {
	path string
	mu   sync.Mutex
	done bool // it cannot be written: that is not tried again and again
}

// NewFile is the log in a state directory, if there is one. Nothing is made before
// a line is written.
func NewFile(state string) *File { return &File{path: path(state)} }

// Write takes whole lines. Of what fails nobody is told: a log that holds up what it is
// about would be worse than none.
func (f *File) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.done && f.append(line) != nil {
		f.done = true
	}
	return len(line), nil
}

func (f *File) append(line []byte) error {
	folder := filepath.Dir(f.path)
	state := filepath.Dir(folder)
	if _, err := os.Stat(state); errors.Is(err, fs.ErrNotExist) { // who borrows the login of tsh has no state here, and gets none
		return nil
	}
	if err := plainfile.MakeDir(state, folder); err != nil {
		return err
	}
	info, err := plainfile.Check(f.path, plainfile.Own)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case info.Size()+int64(len(line)) > maxBytes:
		f.rotate()
		if info, err = plainfile.Check(f.path, plainfile.Own); err == nil && info.Size() > 2*maxBytes {
			return nil // it cannot be replaced now; what comes is dropped until it can
		}
	}
	file, err := plainfile.Append(f.path)
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	return errors.Join(err, file.Close())
}

// rotate makes room, unless another process does that at this moment, or has done
// it.
func (f *File) rotate() {
	lock := flock.New(f.path+".lock", flock.SetFlag(plainfile.LockFlags), flock.SetPermissions(plainfile.OwnMode))
	if locked, err := lock.TryLock(); !locked || err != nil {
		return
	}
	defer func() { _ = lock.Unlock() }()
	if info, err := os.Lstat(f.path); err != nil || info.Size() < maxBytes/2 {
		return
	}
	for n := maxFiles - 1; n > 0; n-- {
		if err := os.Rename(part(f.path, n-1), part(f.path, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return // it is being read, on Windows: it stays, and is not replaced by what is newer
		}
	}
}
