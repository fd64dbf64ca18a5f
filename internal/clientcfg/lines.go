// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
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

// lineStarts has the offsets at which the lines of a text begin. A file can be
// one long line, so looking for its start again and again would not do.
type lineStarts []int

func linesOf(text []byte) lineStarts {
	all := make(lineStarts, 1, bytes.Count(text, []byte("\n"))+1)
	for i, c := range text {
		if c == '\n' {
			all = append(all, i+1)
		}
	}
	return all
}

// start returns where the line begins on which offset is.
func (l lineStarts) start(offset int) int {
	return l[sort.SearchInts(l, offset+1)-1]
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
