// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package clientcfg

import (
	"io/fs"
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

// release removes the lock file while it still holds the lock: see lock. If it
// cannot, the file stays and does no harm.
func release(l *flock.Flock, name string) {
	_ = os.Remove(name)
	_ = l.Close()
}

// giveTo gives a file that root has just created to the owner of like.
// Otherwise "sudo tshmcp config" would leave a person with a config file that
// their own programs cannot read. For anybody else it does nothing.
func giveTo(path string, like fs.FileInfo) error {
	owner, ok := like.Sys().(*syscall.Stat_t)
	if os.Geteuid() != 0 || !ok {
		return nil
	}
	// The folder may belong to that person, who could put a link to some other
	// file of root's in this place: only a file with a single name counts.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() && (!info.Mode().IsRegular() || stat.Nlink != 1) {
		return ErrNotFile
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

// openNoFollow keeps a link from being followed that has just come.
const openNoFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// links is how many names the file at path has; 1 if that cannot be told.
func links(path string) uint64 {
	info, err := os.Lstat(path)
	if err != nil {
		return 1
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}
