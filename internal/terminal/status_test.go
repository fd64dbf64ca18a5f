// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A status does nothing but be read, fits the line, and leaves nothing behind.
func TestStatus(t *testing.T) {
	var out strings.Builder
	s := &Status{Out: &out}
	s.Pause() // nothing is there
	for _, text := range []string{"working", "\x1b[2J\a\nred\r", strings.Repeat("x", 1000), strings.Repeat("漢", 1000), "é", ""} {
		s.Show(text)
	}
	s.End()
	s.Show("late")
	var line []rune
	at := 0
	for _, r := range out.String() {
		switch {
		case r == '\r':
			at = 0
			continue
		case unicode.IsControl(r):
			t.Fatalf("%q is written", r)
		}
		if at == len(line) {
			line = append(line, ' ')
		}
		line[at] = r
		at++
	}
	if rest := strings.TrimSpace(string(line)); rest != "" || len(line) > statusWidth || strings.Contains(out.String(), "late") {
		t.Errorf("%q stays, %d wide", rest, len(line))
	}
	if !utf8.ValidString(out.String()) || !strings.Contains(out.String(), "\rworking") {
		t.Errorf("%q", out.String())
	}
}
