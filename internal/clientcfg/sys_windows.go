// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sys/windows"
)

// rename replaces a file, which Windows refuses as long as some process, the
// client or a virus scanner, has it open. That is short, so it is tried again
// for up to a second.
func rename(from, to string) error {
	for tries := 0; ; tries++ {
		err := os.Rename(from, to)
		open := errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION)
		if !open || tries == 50 {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// release removes the lock file after letting go, as Windows does not remove an
// open file. For the same reason this fails, and may fail, when another process
// has opened it meanwhile.
func release(l *flock.Flock, name string) {
	_ = l.Close()
	_ = os.Remove(name)
}

// giveTo does nothing: a new file gets its owner and rights from its folder.
func giveTo(string, fs.FileInfo) error { return nil }
