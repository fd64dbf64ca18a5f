// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
	"sort"
	"unicode/utf8"
)

// span is a range of bytes.
type span struct{ start, end int }

// line returns b up to its first line break.
func line(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i]
	}
	return b
}

// newlineOf returns the newline that text uses first, "\n" if it has none.
func newlineOf(text []byte) string {
	if bytes.HasSuffix(line(text), []byte("\r")) && bytes.ContainsRune(text, '\n') {
		return "\r\n"
	}
	return "\n"
}

// lineStart returns where the line begins on which offset is.
func lineStart(text []byte, offset int) int {
	return bytes.LastIndexByte(text[:offset], '\n') + 1
}

// lineEnd returns where the line ends on which offset is: behind its line break,
// or at the end of the text.
func lineEnd(text []byte, offset int) int {
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(text)
}

// indentAt returns the indentation of the line on which offset is.
func indentAt(text []byte, offset int) string {
	return leadingBlanks(text[lineStart(text, offset):])
}

// lineStarts knows where the lines of a text begin. A file can be one long line, so
// looking for its start again and again would not do, nor can each have a number: a
// file can be nothing but line breaks.
type lineStarts struct {
	text   []byte
	before []int32 // how many line breaks are before each part of the text
}

const linesPart = 1 << 12 // bytes

func linesOf(text []byte) lineStarts {
	l := lineStarts{text, make([]int32, 0, len(text)/linesPart+1)}
	n := 0
	for part := range slices.Chunk(text, linesPart) {
		l.before = append(l.before, int32(n))
		n += bytes.Count(part, []byte("\n"))
	}
	return l
}

// start returns where the line begins on which offset is.
func (l lineStarts) start(offset int) int {
	if offset == 0 {
		return 0
	}
	part := (offset - 1) / linesPart
	if i := bytes.LastIndexByte(l.text[part*linesPart:offset], '\n'); i >= 0 {
		return part*linesPart + i + 1
	}
	return l.nth(int(l.before[part]))
}

// nth returns where the line begins that has n lines before it, or the last one if
// there are fewer.
func (l lineStarts) nth(n int) int {
	if n == 0 || len(l.text) == 0 {
		return 0
	}
	part := sort.Search(len(l.before), func(i int) bool { return int(l.before[i]) >= n }) - 1
	at := part * linesPart
	for range n - int(l.before[part]) {
		i := bytes.IndexByte(l.text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return at
}

func leadingBlanks(b []byte) string {
	return string(b[:len(b)-len(bytes.TrimLeft(b, " \t"))])
}

// errorAt is a *[SyntaxError] at a byte offset.
func errorAt(text []byte, offset int, msg string) error {
	start := lineStart(text, offset)
	return &SyntaxError{
		Line:   bytes.Count(text[:offset], []byte("\n")) + 1,
		Column: utf8.RuneCount(text[start:offset]) + 1,
		Msg:    msg,
	}
}
