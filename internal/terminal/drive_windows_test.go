// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: questions in a console of Windows.

package terminal

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

var writeConsoleInput = windows.NewLazySystemDLL("kernel32.dll").NewProc("WriteConsoleInputW")

// consoles are the two ends of the console of this process.
func consoles(t *testing.T) (in, out *os.File) {
	t.Helper()
	open := func(name string) *os.File {
		file, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			t.Skipf("no console here: %v", err)
		}
		t.Cleanup(func() { file.Close() })
		return file
	}
	return open("CONIN$"), open("CONOUT$")
}

func consoleMode(t *testing.T, file *os.File) (mode uint32) {
	t.Helper()
	if err := windows.GetConsoleMode(windows.Handle(file.Fd()), &mode); err != nil {
		t.Fatal(err)
	}
	return mode
}

// typeIn presses and releases the key of each character; ↓ is the one of that name.
func typeIn(t *testing.T, in *os.File, text string) {
	t.Helper()
	for _, unit := range utf16.Encode([]rune(text)) {
		key := uint16(0)
		if unit == '↓' {
			key, unit = 0x28, 0
		}
		both := [2]record{{kind: 1, down: 1, repeats: 1, key: key, char: unit}, {kind: 1, repeats: 1, key: key, char: unit}}
		var n uint32
		ok, _, err := writeConsoleInput.Call(in.Fd(), uintptr(unsafe.Pointer(&both[0])), 2, uintptr(unsafe.Pointer(&n)))
		if ok == 0 || n != 2 {
			t.Fatalf("%d written: %v", n, err)
		}
	}
}

// TestConsole: a list is answered key by key, and the console is then as it was.
func TestConsole(t *testing.T) {
	in, out := consoles(t)
	s := Screen{In: in, Out: out, GOOS: "windows", Getenv: func(string) string { return "" }}
	beforeIn, beforeOut := consoleMode(t, in), consoleMode(t, out)
	on, ok := s.console()
	if !ok {
		t.Skip("this console knows no sequences of terminals")
	}
	on.close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	items := []Item{{Label: "apple"}, {Label: "apricot"}, {Label: "漢👩"}}
	for typed, want := range map[string]string{"\x1b[B \r": "apricot", "↓↓ \r": "漢👩", "漢👩 \r": "漢👩", " \r": "apple"} {
		typeIn(t, in, typed+"y")
		got, err := s.Choose(ctx, "Fruit", items)
		if err != nil || chosen(menu{items: got}) != want {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
		if err := s.Confirm(ctx, "+a\n", "Write?"); err != nil { // y was left for this
			t.Error(err)
		}
	}
	typeIn(t, in, "\x1b")
	if _, err := s.Choose(ctx, "Fruit", items); !errors.Is(err, ErrLeft) {
		t.Error(err)
	}
	cancel()
	if _, err := s.Choose(ctx, "Fruit", items); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if in, out := consoleMode(t, in), consoleMode(t, out); in != beforeIn || out != beforeOut {
		t.Errorf("the modes of the console are %x and %x, before %x and %x", in, out, beforeIn, beforeOut)
	}
}
