// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package plain keeps text from elsewhere from doing anything but being read:
// what a cluster, an app, a server, a file or a user brings along may have
// control characters in it that a terminal obeys, line breaks that forge a line
// of ours, marks that turn a line around and characters that nobody sees.
//
//	Line, Text      a value on one line, a text of several
//	Words           a value from a remote side, as short as it can be
//	Printf, Writer  what is printed for people: nothing gets past them
//	Table, Wrap     rows of cells, and paragraphs, that fit into a window
//	JSON, YAML      the same for machines: escaped, nothing is lost
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// Hidden says whether a character does something else than to be seen: it
// controls, breaks the line, turns it around, or takes no place. The blank is
// not one, line feed and tab are.
func Hidden(r rune) bool {
	return r < ' ' || r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// breaks are the hidden characters that a blank stands for, so that the words
// beside them stay two.
func breaks(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }

// Line is s on one line, with nothing hidden in it. What separates is a blank
// then, the rest is dropped.
func Line(s string) string {
	if isLine(s) {
		return s
	}
	return joined(s, seen)
}

// isLine is true for almost all text there is.
func isLine(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, Hidden) }

// seen is what is shown of a character, -1 for nothing.
func seen(r rune) rune {
	switch {
	case breaks(r):
		return ' '
	case Hidden(r):
		return -1
	}
	return r // U+FFFD of what is no UTF-8
}

// Text is s with its lines and tabs, and with nothing else hidden in it.
func Text(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, notText) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return joined(s, func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return seen(r)
	})
}

// joiner makes one picture of two, as a family of its members.
const joiner = '\u200d'

// joined is what is shown of each character. A joiner stays where it stands between
// two pictures, which is where it can be seen.
func joined(s string, seen func(rune) rune) string {
	var b strings.Builder
	shown := rune(-1)
	for i, r := range s {
		if r == joiner && picture(shown) {
			if next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):]); picture(next) {
				b.WriteRune(r)
				shown = -1
				continue
			}
		}
		if r := seen(r); r >= 0 {
			b.WriteRune(r)
			shown = r
		}
	}
	return b.String()
}

// picture tells whether a character is one, or a sign that pictures are joined with.
func picture(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff || r >= 0x2300 && r <= 0x27bf || r >= 0x2b00 && r <= 0x2bff || r >= 0x2190 && r <= 0x21ff
}

func notText(r rune) bool { return Hidden(r) && r != '\n' && r != '\t' }

// sequence is what a terminal would obey as a whole.
var sequence = pattern.New("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\x1b[\\]PX^_]|\u009d|\u0090)[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?|\x1b.?")

// Words are those of s, with one blank between them, as [Line] has them.
// Sequences for terminals go as a whole, and what is no UTF-8 too.
func Words(s string) string {
	s = sequence.ReplaceAllString(strings.ToValidUTF8(s, ""), "")
	return strings.Join(strings.Fields(Line(s)), " ")
}

// Cut is s, or as much of it as goes into a number of characters.
func Cut(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}
