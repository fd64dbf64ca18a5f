// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"slices"
	"strings"
)

// Wrap makes the lines of a text no wider than a number of cells; 0 leaves them as
// they are. Paragraphs are filled anew. A line that is indented stays one, and what
// does not fit goes on below its last column, or a bit further in; a command can still
// be pasted.
func Wrap(text string, width int) string { return wrap(text, width, true) }

// WrapProse is [Wrap] for sentences alone, of which one may begin like a command.
func WrapProse(text string, width int) string { return wrap(text, width, false) }

func wrap(text string, width int, commands bool) string {
	if width <= 0 {
		return text
	}
	var b, paragraph strings.Builder
	goesOn := false // the command of the line before
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
			if commands && (goesOn || isCommand(line[indent:])) {
				b.WriteString(wrapCommand(line, indent, width))
			} else {
				b.WriteString(wrapLine(line, indent, width))
			}
		default:
			paragraph.WriteString(line + " ")
			if strings.HasSuffix(line, ":") { // a heading
				flush()
			}
		}
		goesOn = strings.HasSuffix(line, ` \`)
	}
	flush()
	return b.String()
}

// wrapLine wraps a line of a list, or of a table of two columns.
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
	return fill(rest, line[:indent], strings.Repeat(" ", hang), width)
}

// isCommand tells whether a line is a command to be pasted, and not one in the left
// column of a table.
func isCommand(line string) bool {
	return (strings.HasPrefix(line, "tshmcp ") || strings.Contains(line, "| tshmcp ")) && !slices.Contains(shellWords(line), "")
}

// wrapCommand wraps a command so that it can still be pasted: between words of the
// shell, which stay in one piece, and with a backslash at the end of each line but the
// last.
func wrapCommand(line string, indent, width int) string {
	if Width(line) <= width {
		return line + "\n"
	}
	command, goesOn := strings.CutSuffix(line[indent:], ` \`)
	var b strings.Builder
	line = line[:indent]
	for i, word := range shellWords(command) {
		switch {
		case i == 0:
			line += word
		case Width(line+" "+word+` \`) <= width:
			line += " " + word
		default:
			b.WriteString(line + " \\\n")
			line = strings.Repeat(" ", indent+4) + word
		}
	}
	b.WriteString(line)
	if goesOn {
		b.WriteString(` \`)
	}
	return b.String() + "\n"
}

// shellWords are the words of a command, with their quotes. Between two blanks is an
// empty one.
func shellWords(command string) (words []string) {
	quote, begin := rune(0), 0
	for i, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote == 0 && r == ' ':
			words, begin = append(words, command[begin:i]), i+1
		}
	}
	return append(words, command[begin:])
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
