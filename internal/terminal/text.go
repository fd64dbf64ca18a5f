// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Diff keeps a diff, text of files, from doing something to the terminal, and
// colours it.
func Diff(text string, colours bool) string {
	out := strings.Join(diffLines(text, 0, colours), "\n")
	if strings.HasSuffix(text, "\n") {
		out += "\n"
	}
	return out
}

// diffLines are the lines of a diff, none wider than a number of cells; 0 and less
// leave them as they are.
func diffLines(text string, width int, colours bool) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = plain.Line(strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", "    "))
		colour := diffColour(line)
		for _, part := range broken(line, width) {
			all = append(all, style(colours, colour, part))
		}
	}
	return all
}

// broken are the parts of a line that fit.
func broken(line string, width int) []string {
	var parts []string
	for width > 0 && plain.Width(line) > width {
		part := plain.Head(line, width)
		if part == "" { // a window of a cell or two
			break
		}
		parts = append(parts, part)
		line = line[len(part):]
	}
	return append(parts, line)
}

func diffColour(line string) plain.Colour {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return bold
	case strings.HasPrefix(line, "@@"):
		return cyan
	case strings.HasPrefix(line, "-"):
		return plain.Red
	case strings.HasPrefix(line, "+"):
		return plain.Green
	}
	return plain.NoColour
}
