// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"strings"
	"unicode"
)

// OneLine keeps text from elsewhere on one line and from doing something to the
// terminal: control characters become blanks. What nobody sees, and what turns
// the order of the line around, is dropped; joiners, of which words and emoji are
// made, stay.
func OneLine(s string) string {
	const zwnj, zwj = '\u200c', '\u200d'
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj:
			return -1
		}
		return r
	}, s)
}

// Diff keeps a diff, text of files, from doing something to the terminal, and
// colours it.
func Diff(text string, colours bool) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, newline := strings.CutSuffix(line, "\n")
		line = OneLine(strings.ReplaceAll(line, "\t", "    "))
		if code := diffColour(line); colours && code != "" {
			line = code + line + "\x1b[0m"
		}
		b.WriteString(line)
		if newline {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func diffColour(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return "\x1b[1m"
	case strings.HasPrefix(line, "@@"):
		return "\x1b[36m"
	case strings.HasPrefix(line, "-"):
		return "\x1b[31m"
	case strings.HasPrefix(line, "+"):
		return "\x1b[32m"
	}
	return ""
}
