// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// The widest status line, in characters: below the 80 columns of a terminal, and of
// one that is half full of wide characters.
const (
	statusWidth     = 76
	statusWideWidth = 38
)

// Status is a line that tells what is going on, and is written over by the next. It
// is safe for concurrent use.
type Status struct {
	Out io.Writer // the terminal itself

	mu     sync.Mutex
	length int // of what is shown, in characters
	ended  bool
}

// Show shows a text from anywhere in place of the one before.
func (s *Status) Show(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	text = plain.Words(text)
	width := statusWidth
	if strings.ContainsFunc(text, mayBeWide) {
		width = statusWideWidth
	}
	s.replace(plain.Cut(text, width))
}

// Pause takes the line away until the next Show.
func (s *Status) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace("")
}

// End takes the line away for good.
func (s *Status) End() {
	s.Pause()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

// replace writes blanks over the line, which every terminal understands. A wide
// character takes two.
func (s *Status) replace(text string) {
	if s.length == 0 && text == "" {
		return
	}
	_, _ = io.WriteString(s.Out, "\r"+strings.Repeat(" ", s.length)+"\r"+text) // nobody has to see it
	s.length = utf8.RuneCountInString(text)
	if strings.ContainsFunc(text, mayBeWide) {
		s.length *= 2
	}
}

// mayBeWide is true for whatever some terminal gives two columns.
func mayBeWide(r rune) bool {
	return r >= 0x1100 && r < 0x1200 || r >= 0x2300 && r < 0x2c00 || r >= 0x2e80
}
