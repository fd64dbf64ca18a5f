// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import "strings"

// Wrap makes the lines of a text no wider than a number of cells; 0 leaves them as
// they are. Paragraphs are filled anew. A line that is indented stays one, and what
// does not fit goes on below its last column, or a bit further in.
func Wrap(text string, width int) string {
	if width <= 0 {
		return text
	}
	var b, paragraph strings.Builder
	flush := func() {
		if paragraph.Len() > 0 {
			b.WriteString(fill(paragraph.String(), "", "", width))
			paragraph.Reset()
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch indent := len(line) - len(strings.TrimLeft(line, " ")); {
		case line == "":
			flush()
			b.WriteByte('\n')
		case indent > 0:
			flush()
			b.WriteString(wrapLine(line, indent, width))
		default:
			paragraph.WriteString(line + " ")
			if strings.HasSuffix(line, ":") { // a heading
				flush()
			}
		}
	}
	flush()
	return b.String()
}

// wrapLine wraps a line of a list, a table of two columns, or a command.
func wrapLine(line string, indent, width int) string {
	if indent > width/2 { // of a line that goes on
		indent, line = 4, "    "+line[indent:]
	}
	if Width(line) <= width {
		return line + "\n"
	}
	hang, rest := indent+4, line[indent:]
	if i := strings.Index(rest, "  "); i > 0 {
		begin := indent + i + len(rest[i:]) - len(strings.TrimLeft(rest[i:], " "))
		if begin <= width/2 {
			return fill(line[begin:], line[:begin], strings.Repeat(" ", begin), width)
		}
		return fill(line[indent:indent+i], line[:indent], strings.Repeat(" ", hang), width) +
			fill(line[begin:], strings.Repeat(" ", hang), strings.Repeat(" ", hang), width)
	}
	if strings.HasPrefix(rest, "tshmcp ") {
		return continued(rest, line[:indent], strings.Repeat(" ", hang), width)
	}
	return fill(rest, line[:indent], strings.Repeat(" ", hang), width)
}

// continued wraps a command so that it can still be pasted.
func continued(command, first, next string, width int) string {
	lines := strings.Split(strings.TrimSuffix(fill(command, first, next, width-2), "\n"), "\n")
	return strings.Join(lines, " \\\n") + "\n"
}

// fill puts words into lines, the first of which begins in another way. A word that
// is wider than a line is broken.
func fill(text, first, next string, width int) string {
	var b strings.Builder
	line, blank := first, ""
	for _, word := range strings.Fields(text) {
		if line != first && line != next && Width(line+blank+word) > width {
			b.WriteString(line + "\n")
			line, blank = next, ""
		}
		line += blank + word
		blank = " "
		for Width(line) > width && width > Width(next)+1 {
			head := strings.TrimSuffix(cutAt(line, width), "\n")
			b.WriteString(head + "\n")
			line = next + line[len(head):]
		}
	}
	return b.String() + line + "\n"
}

// cutAt is as much of a line as goes into a number of cells.
func cutAt(line string, cells int) string {
	end := 0
	for i := range line {
		if Width(line[:i]) > cells {
			break
		}
		end = i
	}
	return line[:end]
}
