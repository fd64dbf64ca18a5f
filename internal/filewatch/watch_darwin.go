// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// watcher is a kqueue with the files that it looks at, and a pipe that ends the waiting.
type watcher struct {
	queue             int
	files             []int
	stopped, stopping *os.File
}

func open() (*watcher, error) {
	queue, err := unix.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	unix.CloseOnExec(queue)
	w := &watcher{queue: queue}
	if w.stopped, w.stopping, err = os.Pipe(); err == nil {
		err = w.register(int(w.stopped.Fd()), unix.EVFILT_READ, 0)
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *watcher) register(fd, filter int, flags uint32) error {
	var e unix.Kevent_t
	unix.SetKevent(&e, fd, filter, unix.EV_ADD|unix.EV_CLEAR)
	e.Fflags = flags
	_, err := unix.Kevent(w.queue, []unix.Kevent_t{e}, nil, nil)
	return os.NewSyscallError("kevent", err)
}

func (w *watcher) add(path string, what kind) error {
	fd, err := unix.Open(path, unix.O_EVTONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	w.files = append(w.files, fd)
	flags := uint32(unix.NOTE_DELETE | unix.NOTE_RENAME | unix.NOTE_REVOKE)
	if what&(entries|writes) != 0 {
		flags |= unix.NOTE_WRITE | unix.NOTE_EXTEND
	}
	if what&writes != 0 {
		flags |= unix.NOTE_ATTRIB
	}
	return w.register(fd, unix.EVFILT_VNODE, flags)
}

func (w *watcher) wait(ctx context.Context) {
	defer until(ctx, func() { _, _ = w.stopping.Write([]byte{0}) })()
	var event [1]unix.Kevent_t
	for {
		if _, err := unix.Kevent(w.queue, nil, event[:], nil); !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

func (w *watcher) close() {
	for _, fd := range append(w.files, w.queue) {
		_ = unix.Close(fd)
	}
	_, _ = w.stopped.Close(), w.stopping.Close()
}
