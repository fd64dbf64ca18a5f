// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"io"
	"os"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

// WindowOf is the terminal that a file leads to; the zero one if that is none. Of the
// screen its system and environment count.
func WindowOf(f *os.File, s Screen) plain.Window {
	if !stdio.IsTerminal(f) {
		return plain.Window{}
	}
	return plain.Window{Terminal: true, Width: stdio.Width(f), Colours: s.Colours()}
}

// Speaker is a stream for words to the person, in a window whose width may change while
// the program runs.
func Speaker(w io.Writer) *plain.Writer {
	if said, ok := w.(*plain.Writer); ok {
		return said
	}
	said := plain.NewWriter(w)
	if file, ok := w.(*os.File); ok && stdio.IsTerminal(file) {
		said.Terminal, said.Measure = true, func() int { return stdio.Width(file) }
	}
	return said
}

// StatusOn is a status line in the terminal that a stream for words is, and whether it is
// one: else nothing is shown.
func StatusOn(w io.Writer) (s *Status, shown bool) {
	if !plain.WindowOf(w).Terminal {
		return &Status{Out: io.Discard}, false
	}
	return &Status{Out: plain.Raw(w), Width: func() int { return plain.WindowOf(w).Width }}, true
}
