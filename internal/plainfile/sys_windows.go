// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// Opening does not wait here: what could make it wait was seen before, and a
// pipe or device has no name in a folder. A link is seen before, too.
const (
	noWait   = 0
	noFollow = 0
)

// LockFlags are the flags by which a lock file is opened, or created.
const LockFlags = os.O_CREATE | os.O_RDWR

const (
	openAttempts = 100
	openPause    = 10 * time.Millisecond
)

// openFile tries again for up to a second while another process has the file at path
// to itself: unlike elsewhere, that is so for a moment when a file is put in its place.
func openFile(path string, flags int, mode fs.FileMode) (f *os.File, err error) {
	for range openAttempts {
		f, err = os.OpenFile(path, flags, mode)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_DELETE_PENDING) {
			return f, err
		}
		time.Sleep(openPause)
	}
	return f, err
}

func me() int { return 0 }

// GiveBack does nothing: an administrator has the same folders as anybody else.
func GiveBack(*os.File) error { return nil }

func ownerOf(fs.FileInfo) int { return 0 }

func checkMode(string, fs.FileInfo, fs.FileMode) error { return nil }
