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

// moves are the keys that type nothing and that a console without sequences names, by
// their numbers there.
var moves = [...]string{0x21: "\x1b[5~", 0x22: "\x1b[6~", 0x23: "\x1b[F", 0x24: "\x1b[H", 0x25: "\x1b[D", 0x26: "\x1b[A", 0x27: "\x1b[C", 0x28: "\x1b[B"}

// read waits a tick for a key. What else happens at a console is none.
func read(in *os.File) (typed []byte, err error) {
	first, err := readKey(in)
	switch {
	case err != nil:
		return nil, err
	case first.char == 0 && int(first.key) < len(moves):
		return []byte(moves[first.key]), nil
	case first.char == 0:
		return nil, nil
	}
	r := rune(first.char)
	if utf16.IsSurrogate(r) {
		second, err := readKey(in)
		if err != nil {
			return nil, err
		}
		r = utf16.DecodeRune(r, rune(second.char))
	}
	if r == utf8.RuneError {
		return nil, nil
	}
	return utf8.AppendRune(nil, r), nil
}

// readKey is one with a character, with half of one, or with none; no key if none comes.
func readKey(in *os.File) (record, error) {
	console := windows.Handle(in.Fd())
	for {
		event, err := windows.WaitForSingleObject(console, uint32(tick.Milliseconds()))
		if err != nil || event != windows.WAIT_OBJECT_0 {
			return record{}, err
		}
		var r record
		var n uint32
		if ok, _, err := readConsoleInput.Call(uintptr(console), uintptr(unsafe.Pointer(&r)), 1, uintptr(unsafe.Pointer(&n))); ok == 0 {
			return record{}, err
		}
		const keyEvent, altKey = 1, 0x12 // with the latter a number is typed, and comes when it goes up
		const held = 0x1f                // Alt, Ctrl and Shift
		switch {
		case n != 1 || r.kind != keyEvent:
		case r.char != 0 && (r.down != 0 || r.key == altKey):
			return r, nil
		case r.char == 0 && r.down != 0 && r.state&held == 0 && int(r.key) < len(moves) && moves[r.key] != "":
			return r, nil
		}
	}
}

// stop is for jobs, which are not here.
func stop(context.Context, <-chan os.Signal) {}

// resumed is for those, too.
func resumed() (again <-chan os.Signal, done func()) { return nil, func() {} }
