// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

// release removes the lock file after letting go, as Windows does not remove an
// open file. For the same reason this fails, and may fail, when another process
// has opened it meanwhile.
func release(l *flock.Flock, name string) {
	_ = l.Close()
	_ = os.Remove(name)
}

// giveTo does nothing: a new file gets its owner and rights from its folder.
func giveTo(string, fs.FileInfo) error { return nil }

const openNoFollow = 0

// links is how many names the file at path has; 1 if that cannot be told.
func links(path string) uint64 {
	f, err := os.Open(path)
	if err != nil {
		return 1
	}
	defer f.Close()
	var info syscall.ByHandleFileInformation
	if err := syscall.GetFileInformationByHandle(syscall.Handle(f.Fd()), &info); err != nil {
		return 1
	}
	return uint64(info.NumberOfLinks)
}
