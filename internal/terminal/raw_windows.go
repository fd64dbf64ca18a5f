// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"os"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/sys/windows"
)

// raw makes a console hand over each key, in the sequences of terminals, and obey
// those, until back is called. An old one cannot.
func raw(in, out *os.File) (back func(), err error) {
	inBack, err := changed(in, func(mode uint32) uint32 {
		const lines = windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
		return mode&^(lines|windows.ENABLE_MOUSE_INPUT|windows.ENABLE_WINDOW_INPUT) | windows.ENABLE_VIRTUAL_TERMINAL_INPUT
	})
	if err != nil {
		return nil, err
	}
	outBack, err := changed(out, func(mode uint32) uint32 {
		return mode&^windows.DISABLE_NEWLINE_AUTO_RETURN | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	})
	if err != nil {
		inBack()
		return nil, err
	}
	return func() { outBack(); inBack() }, nil
}

// record is INPUT_RECORD with a KEY_EVENT_RECORD in it.
type record struct {
	kind    uint16
	_       uint16
	down    int32
	repeats uint16
	key     uint16
	scan    uint16
	char    uint16
	state   uint32
}

var readConsoleInput = windows.NewLazySystemDLL("kernel32.dll").NewProc("ReadConsoleInputW")

// read waits a tick for a character. What else happens at a console is none.
func read(in *os.File) (typed []byte, err error) {
	first, err := readUnit(in)
	if err != nil || first == 0 {
		return nil, err
	}
	r := rune(first)
	if utf16.IsSurrogate(r) {
		second, err := readUnit(in)
		if err != nil {
			return nil, err
		}
		r = utf16.DecodeRune(r, rune(second))
	}
	if r == utf8.RuneError {
		return nil, nil
	}
	return utf8.AppendRune(nil, r), nil
}

// readUnit is half of a character, or all of it; 0 if there is none.
func readUnit(in *os.File) (uint16, error) {
	console := windows.Handle(in.Fd())
	for {
		event, err := windows.WaitForSingleObject(console, uint32(tick.Milliseconds()))
		if err != nil || event != windows.WAIT_OBJECT_0 {
			return 0, err
		}
		var r record
		var n uint32
		if ok, _, err := readConsoleInput.Call(uintptr(console), uintptr(unsafe.Pointer(&r)), 1, uintptr(unsafe.Pointer(&n))); ok == 0 {
			return 0, err
		}
		const keyEvent, altKey = 1, 0x12 // with the latter a number is typed, and comes when it goes up
		if n == 1 && r.kind == keyEvent && r.char != 0 && (r.down != 0 || r.key == altKey) {
			return r.char, nil
		}
	}
}

// stop is for jobs, which are not here.
func stop(context.Context) {}
