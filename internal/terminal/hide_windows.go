// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// Open opens the terminal that controls this process, and returns what closes it.
// Errors: *[NoneError].
func Open() (*Terminal, func() error, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, &NoneError{Err: err}
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, &NoneError{Err: errors.Join(err, in.Close())}
	}
	return &Terminal{In: in, Out: out}, func() error { return errors.Join(in.Close(), out.Close()) }, nil
}

// hideInput stops the console from showing what is typed, until show is called.
func hideInput(in *os.File) (show func(), err error) {
	return changed(in, func(mode uint32) uint32 {
		return mode&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	})
}

// changed changes the mode of a console, until back is called.
func changed(file *os.File, change func(mode uint32) uint32) (back func(), err error) {
	console := windows.Handle(file.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	if err := windows.SetConsoleMode(console, change(before)); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(console, before) }, nil
}

// suspendable is false: there are no jobs here.
func suspendable() bool { return false }
