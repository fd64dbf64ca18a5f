// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"
)

// A status does nothing but be read, fits the line, and leaves nothing behind.
func TestStatus(t *testing.T) {
	for width, most := range map[int]int{0: statusWidth, 40: 39, 200: statusWidth, 10: 9} {
		statusIn(t, width, most)
	}
}

// statusIn is a status in a window of some cells. At the last one of a line the cursor
// would go on to the next, and what is written over would be another line.
func statusIn(t *testing.T, width, most int) {
	t.Helper()
	var out strings.Builder
	s := &Status{Out: &out, Width: func() int { return width }}
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
	if rest := strings.TrimSpace(string(line)); rest != "" || len(line) > most || strings.Contains(out.String(), "late") {
		t.Errorf("a window of %d: %q stays, %d wide", width, rest, len(line))
	}
	if !utf8.ValidString(out.String()) || !strings.Contains(out.String(), "\rworking") {
		t.Errorf("%q", out.String())
	}
}

// TestAwait: what takes a moment is not talked about, what takes longer is, with how
// long it has been, but not beside a question or what says more. Nothing is left behind.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		s := &Status{Out: &out, Width: func() int { return 80 }}
		said := func(want string) {
			t.Helper()
			synctest.Wait()
			s.mu.Lock()
			defer s.mu.Unlock()
			if got := strings.TrimSpace(out.String()); got != want {
				t.Errorf("said %q, want %q", got, want)
			}
			out.Reset()
		}
		s.Await("waiting")()
		said("")
		done := s.Await("waiting")
		time.Sleep(patience - time.Millisecond)
		said("")
		time.Sleep(time.Millisecond)
		said("waiting for 3 s")
		time.Sleep(time.Second)
		said("waiting for 4 s")
		s.Pause()
		said("")
		time.Sleep(time.Minute)
		said("")
		s.Resume()
		time.Sleep(time.Second)
		said("waiting for 65 s")
		s.Show("2 of 3")
		said("2 of 3")
		time.Sleep(time.Minute)
		said("")
		done()
		done()
		s.End()
		said("")
	})
}
