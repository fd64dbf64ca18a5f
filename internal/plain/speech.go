// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"slices"
	"strings"
)

// wrapSpeech makes the lines of a text no wider than a number of cells, as far as words
// allow it; 0 leaves them as they are. Unlike [Wrap] it leaves in one piece what a person
// copies, a link or a command: the terminal itself breaks that, and knows it as one line.
func wrapSpeech(text string, width int) string {
	if width <= 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, end := strings.CutSuffix(line, "\n")
		b.WriteString(wrapSpoken(line, width))
		if end {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// wrapSpoken wraps one line. What goes on stands further in, or behind the mark that
// lines of others have.
func wrapSpoken(line string, width int) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	next := indent + "    "
	if strings.HasPrefix(line[len(indent):], "| ") {
		next = indent + "| "
	}
	if Width(line) <= width || Width(next) > width/2 {
		return line
	}
	var b strings.Builder
	used := 0
	for i, piece := range pieces(line) {
		cells := Width(piece)
		switch {
		case i == 0:
			b.WriteString(piece)
			used = cells
		case used+1+cells > width:
			b.WriteString("\n" + next + strings.TrimLeft(piece, " "))
			used = Width(next) + cells
		default:
			b.WriteString(" " + piece)
			used += 1 + cells
		}
	}
	return b.String()
}

// commands are the programs that texts tell a person to run.
var commands = []string{"tshmcp", "tsh", "sudo", "chmod"}

// pieces are the words of a line, with the blanks before the first one, and commands as
// one each.
func pieces(line string) (all []string) {
	words := strings.Split(line, " ")
	for i := 0; i < len(words); {
		n := 1
		if slices.Contains(commands, words[i]) {
			n = commandWords(words[i:], i > 0 && strings.HasSuffix(words[i-1], ":"))
		}
		piece := strings.Join(words[i:i+n], " ")
		if len(all) > 0 && strings.TrimSpace(all[len(all)-1]) == "" {
			all[len(all)-1] += " " + piece
		} else {
			all = append(all, piece)
		}
		i += n
	}
	return all
}

// longestCommand bounds the words of a command: a text that repeats a program's name is
// looked through once, not once for each.
const longestCommand = 100

// commandWords is how many words belong to the command that they begin with. One that
// is only mentioned in a sentence ends with its last flag or quoted word, one behind a
// colon with the clause.
func commandWords(words []string, whole bool) int {
	n, quotes := 0, 0
	for i, word := range words[:min(len(words), longestCommand)] {
		if i < 2 || whole || quotes%2 == 1 || word != "" && strings.Contains("-'\"", word[:1]) {
			n = i + 1
			quotes += strings.Count(word, "'") + strings.Count(word, `"`)
		}
		if i > 0 && quotes%2 == 0 && word != "" && strings.Contains(",;:)", word[len(word)-1:]) {
			break
		}
	}
	return n
}
