// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"io"
	"os"
	"strings"
	"testing"
)

// TestNoConsole: where keys cannot be read one by one, questions go line by line, and
// nothing is sent that a terminal would obey.
func TestNoConsole(t *testing.T) {
	in, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	shown, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer shown.Close()
	if _, err := typed.WriteString("2\ny\n"); err != nil {
		t.Fatal(err)
	}
	typed.Close()
	s := Screen{In: in, Out: out, GOOS: "windows", Getenv: func(name string) string { return map[string]string{"TERM": "xterm", "NO_COLOR": "1"}[name] }}
	items, err := s.Choose(t.Context(), "Fruit", []Item{{Label: "apple"}, {Label: "apricot"}})
	if err != nil || chosen(menu{items: items}) != "apricot" {
		t.Errorf("%v, %v", items, err)
	}
	if err := s.Confirm(t.Context(), "+a\n", "Write?"); err != nil {
		t.Error(err)
	}
	out.Close()
	text, err := io.ReadAll(shown)
	if err != nil || strings.Contains(string(text), "\x1b") || !strings.Contains(string(text), "  2. apricot") || !strings.Contains(string(text), "(y/n)") {
		t.Errorf("%q, %v", text, err)
	}
}
