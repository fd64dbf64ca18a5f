// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package plainfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	noWait   = syscall.O_NONBLOCK | syscall.O_NOCTTY
	noFollow = syscall.O_NOFOLLOW
)

// LockFlags are the flags by which a lock file is opened, or created.
const LockFlags = os.O_CREATE | os.O_RDWR | noWait | noFollow

func openFile(path string, flags int, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(path, flags, mode)
}

func me() int { return os.Geteuid() }

func ownerOf(info fs.FileInfo) int {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(sys.Uid)
	}
	return me()
}

// GiveBack gives a file that root has made to the owner of its folder, who could do
// nothing with it after a command with sudo. For anybody else it does nothing. The
// folder's owner may have put another file of root's there: only one with a single name
// counts.
func GiveBack(f *os.File) error {
	if me() != 0 {
		return nil
	}
	folder, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	owner, known := folder.Sys().(*syscall.Stat_t)
	file, ok := info.Sys().(*syscall.Stat_t)
	if !known || !ok || !info.Mode().IsRegular() || file.Nlink != 1 || file.Uid != 0 || owner.Uid == 0 {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

// checkMode is about what others may do: the owner can give himself any right.
func checkMode(path string, info fs.FileInfo, widest fs.FileMode) error {
	if mode := info.Mode().Perm(); mode&0o077&^widest != 0 {
		return &ModeError{Path: path, Mode: mode, Want: widest}
	}
	return nil
}
