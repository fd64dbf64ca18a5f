// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func renameNew(from, to string) error { return renameWith(unix.RENAME_NOREPLACE, from, to) }
func exchange(from, to string) error  { return renameWith(unix.RENAME_EXCHANGE, from, to) }

func renameWith(flags uint, from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, flags)
	switch {
	case errors.Is(err, unix.EINVAL): // a file system that knows no such thing
		return errors.ErrUnsupported
	case err != nil:
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
