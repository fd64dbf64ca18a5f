// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package stdio

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func isBusyRead(err error) bool  { return errors.Is(err, syscall.EAGAIN) }
func isBusyWrite(err error) bool { return errors.Is(err, syscall.EAGAIN) }

func isClosed(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// isGone says whether the end of the other process is all that is the matter: a
// socket tells it so if that left something unread.
func isGone(err error) bool { return errors.Is(err, syscall.ECONNRESET) }

// longestPoll bounds one look at a stream.
const longestPoll = time.Second

// await returns true once there is something to be read or room to write, and
// false if that cannot be told: some systems cannot poll terminals.
func await(file *os.File, what int) (ready bool) {
	events := int16(unix.POLLIN)
	if what == forWriting {
		events = unix.POLLOUT
	}
	conn, err := file.SyscallConn()
	if err != nil {
		return false
	}
	err = conn.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
		_, err := unix.Poll(fds, int(longestPoll.Milliseconds()))
		ready = err == nil && fds[0].Revents&unix.POLLNVAL == 0
	})
	return ready && err == nil
}
