// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"os"

	"golang.org/x/sys/unix"
)

func renameNew(from, to string) error { return renameWith(unix.RENAME_EXCL, from, to) }
func exchange(from, to string) error  { return renameWith(unix.RENAME_SWAP, from, to) }

func renameWith(flags uint32, from, to string) error {
	if err := unix.RenamexNp(from, to, flags); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
