// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"io"
	"strings"
)

// Voice is how the program speaks to the person who runs it: one line each, on a
// stream that is not for its results. In a terminal a line goes on below where it is
// wider than that. What cannot be written is lost.
type Voice struct{ W io.Writer }

// Line says something of the command's own, as it is.
func (v Voice) Line(format string, args ...any) {
	_, _ = io.WriteString(v.W, wrapSpeech(Sprintf(format+"\n", args...), WindowOf(v.W).Width))
}

// Prompt says what is answered on the same line, behind a blank that no line begins
// with.
func (v Voice) Prompt(text string) {
	width := WindowOf(v.W).Width
	if width > 0 {
		width = max(width-1, 1)
	}
	_, _ = io.WriteString(v.W, wrapSpeech(strings.TrimRight(Line(text), " "), width)+" ")
}

// Say says something that is no reason to worry, in the program's name.
func (v Voice) Say(format string, args ...any) { v.Line("tshmcp: "+format, args...) }

// Warn says what the person should know before it hurts.
func (v Voice) Warn(format string, args ...any) { v.Line("tshmcp: warning: "+format, args...) }

// Hint says what to do next.
func (v Voice) Hint(format string, args ...any) { v.Line("tshmcp: hint: "+format, args...) }
