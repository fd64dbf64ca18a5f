// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

const (
	renameAttempts = 50
	renamePause    = 20 * time.Millisecond
)

// rename tries again for up to a second while another process has the file at
// the target open: unlike elsewhere, it cannot be replaced then.
func rename(from, to string) error {
	var err error
	for range renameAttempts {
		err = os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(renamePause)
	}
	return err
}

// SyncFolder does nothing: folders cannot be synced here.
func SyncFolder(string) {}
