// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"io"
	"strings"
	"sync"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// statusWidth is the widest status line, in cells: below the 80 columns of a terminal.
const statusWidth = 76

// Status is a line that tells what is going on, and is written over by the next. It
// is safe for concurrent use.
type Status struct {
	Out   io.Writer  // the terminal itself
	Width func() int // of the terminal, in cells, at the time; 0: not known; needed to Show

	mu    sync.Mutex
	shown int // the width of what is shown, in cells
	ended bool
}

// Show shows a text from anywhere in place of the one before.
func (s *Status) Show(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.replace(plain.Fit(plain.Words(text), s.room()))
	}
}

// room is how wide the line may be: behind the last cell of a narrow window the cursor
// would go on to the next line.
func (s *Status) room() int {
	if width := s.Width(); width > 0 {
		return min(statusWidth, width-1)
	}
	return statusWidth
}

// Pause takes the line away until the next Show.
func (s *Status) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace("")
}

// End takes the line away for good.
func (s *Status) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace("")
	s.ended = true
}

// replace writes blanks over the line, which every terminal understands.
func (s *Status) replace(text string) {
	if s.shown == 0 && text == "" {
		return
	}
	_, _ = io.WriteString(s.Out, "\r"+strings.Repeat(" ", s.shown)+"\r"+text) // nobody has to see it
	s.shown = plain.Width(text)
}
