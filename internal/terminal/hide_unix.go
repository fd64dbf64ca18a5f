// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// Open opens the terminal that controls this process, and returns what closes it.
// Errors: *[NoneError].
func Open() (*Terminal, func() error, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, &NoneError{Err: err}
	}
	return &Terminal{In: tty, Out: tty}, tty.Close, nil
}

// hideInput stops the terminal from showing what is typed, until show is called.
func hideInput(in *os.File) (show func(), err error) {
	return changed(in, func(mode *unix.Termios) {
		mode.Lflag &^= unix.ECHO
		mode.Lflag |= unix.ICANON | unix.ISIG
		mode.Iflag |= unix.ICRNL
	})
}

// changed changes how a terminal takes what is typed, until back is called. What was
// typed already is not lost.
func changed(in *os.File, change func(*unix.Termios)) (back func(), err error) {
	var before *unix.Termios
	err = control(in, func(fd int) (err error) {
		if before, err = unix.IoctlGetTermios(fd, getTermios); err != nil {
			return err
		}
		mode := *before
		change(&mode)
		return unix.IoctlSetTermios(fd, setTermios, &mode)
	})
	if err != nil {
		return nil, err
	}
	return func() {
		_ = control(in, func(fd int) error { return unix.IoctlSetTermios(fd, setTermios, before) })
	}, nil
}

// control calls f with the file's descriptor, which stays as it is: to ask for
// it by Fd would change how the file is read.
func control(file *os.File, f func(fd int) error) error {
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// suspendable reports whether a shell watches over this process: one that leads its
// session, or whose parent does so in the same group, is orphaned.
func suspendable() bool {
	parent := os.Getppid()
	session, err := unix.Getsid(0)
	outer, outerErr := unix.Getsid(parent)
	group, groupErr := unix.Getpgid(parent)
	known := err == nil && outerErr == nil && groupErr == nil
	return known && outer == session && (group != unix.Getpgrp() || parent != session)
}
