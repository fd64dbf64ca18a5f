// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"errors"
	"io/fs"
	"syscall"
)

// Refusal is why the system does not do something with a file, as far as a person
// can do something about it.
type Refusal int

// The refusals.
const (
	NotRefused Refusal = iota // no error, or another one
	Denied                    // not allowed, to this user
	Full                      // no room on the disk, or none that is this user's
	ReadOnly                  // nobody can write there
	InTheWay                  // a file is where a folder has to be, or the other way round
)

// windowsFull and its neighbours are how Windows says it; no other system has the
// numbers of files.
const (
	windowsHandleFull = syscall.Errno(39)  // ERROR_HANDLE_DISK_FULL
	windowsFull       = syscall.Errno(112) // ERROR_DISK_FULL
	windowsProtected  = syscall.Errno(19)  // ERROR_WRITE_PROTECT
	windowsDirectory  = syscall.Errno(267) // ERROR_DIRECTORY
)

// RefusalOf finds it in an error.
func RefusalOf(err error) Refusal {
	is := func(all ...error) bool {
		for _, one := range all {
			if errors.Is(err, one) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.EROFS), onWindows && is(windowsProtected):
		return ReadOnly
	case is(syscall.ENOSPC, syscall.EFBIG, syscall.EDQUOT), onWindows && is(windowsFull, windowsHandleFull):
		return Full
	case is(fs.ErrPermission):
		return Denied
	case is(fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR, syscall.ENOTEMPTY), onWindows && is(windowsDirectory):
		return InTheWay
	}
	return NotRefused
}
