// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// watcher is an inotify instance. Go's own poller waits for it: that takes no thread.
type watcher struct {
	file *os.File
	fd   int
}

func open() (*watcher, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, os.NewSyscallError("inotify_init1", err)
	}
	return &watcher{os.NewFile(uintptr(fd), "inotify"), fd}, nil
}

func (w *watcher) add(path string, what kind) error {
	mask := uint32(unix.IN_DONT_FOLLOW | unix.IN_MASK_ADD | unix.IN_MOVE_SELF | unix.IN_DELETE_SELF)
	if what&entries != 0 {
		mask |= unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO
	}
	if what&writes != 0 {
		mask |= unix.IN_MODIFY | unix.IN_ATTRIB
	}
	_, err := unix.InotifyAddWatch(w.fd, path, mask)
	return err
}

func (w *watcher) wait(ctx context.Context) {
	defer until(ctx, w.close)()
	var event [unix.SizeofInotifyEvent + unix.NAME_MAX + 1]byte
	_, _ = w.file.Read(event[:]) // that there is one is all that counts
}

func (w *watcher) close() { _ = w.file.Close() }
