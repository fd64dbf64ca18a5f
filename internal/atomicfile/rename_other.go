// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package atomicfile

import "os"

func rename(from, to string) error { return os.Rename(from, to) }

// SyncFolder makes a rename last, should the power fail. The new file is in its
// place by now and readers have it, so that a folder which cannot be synced, as
// on some network file systems, is no reason to report a failure.
func SyncFolder(path string) {
	if f, err := os.Open(path); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
