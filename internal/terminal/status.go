// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// statusWidth is the widest status line, in cells: below the 80 columns of a terminal.
const statusWidth = 76

// Status is a line that tells what is going on, and is written over by the next. It
// is safe for concurrent use.
type Status struct {
	Out   io.Writer  // the terminal itself
	Width func() int // of the terminal, in cells, at the time; 0: not known; needed to Show

	mu     sync.Mutex
	shown  int  // the width of what is shown, in cells
	said   bool // what is shown says more than that something is waited for
	paused bool
	ended  bool
}

// patience is how long nothing is said of a wait.
const patience = 3 * time.Second

// Await says, after a while, what is waited for, and since when, until done is called.
// Where there is a text to [Status.Show] that is shown instead.
func (s *Status) Await(what string) (done func()) {
	begun, stop, stopped := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for next := time.NewTimer(patience); ; next.Reset(time.Second) {
			select {
			case <-stop:
				next.Stop()
				return
			case <-next.C:
				s.wait(fmt.Sprintf("%s for %d s", what, int(time.Since(begun).Seconds())))
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(stop)
		<-stopped
		s.wait("")
	})
}

// wait shows a text about a wait, where nothing else is to be seen.
func (s *Status) wait(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended && !s.paused && !s.said {
		s.replace(plain.Fit(plain.Words(text), s.room()))
	}
}

// Show shows a text from anywhere in place of the one before.
func (s *Status) Show(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.said = true
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

// Pause takes the line away until the next Show, or Resume.
func (s *Status) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = true
	s.replace("")
}

// Resume ends a pause.
func (s *Status) Resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused, s.said = false, false
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
