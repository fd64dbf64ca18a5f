// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"iter"
)

// What stands between two values, white space and comments, is called extra
// here.

// remark is one comment within an extra. The end of a // comment is before its
// line break.
type remark struct {
	start, end int
	slashes    bool // a // comment: whatever follows on its line belongs to it
}

// remarks are the comments of a valid extra, in order.
func remarks(extra []byte) iter.Seq[remark] {
	return func(yield func(remark) bool) {
		for i := 0; i < len(extra); i++ {
			if extra[i] != '/' {
				continue
			}
			r := remark{start: i, slashes: extra[i+1] == '/'}
			i = endOfComment(extra, i)
			if r.end = i + 1; r.slashes {
				r.end = r.start + len(bytes.TrimRight(extra[r.start:min(i, len(extra))], "\r"))
			}
			if !yield(r) {
				return
			}
		}
	}
}

// lastRemark returns the last comment of an extra, and whether it has any.
func lastRemark(extra []byte) (last remark, any bool) {
	for last = range remarks(extra) {
		any = true
	}
	return last, any
}

// hasRemarks reports whether a comment is there.
func hasRemarks(extra []byte) bool { return bytes.IndexByte(extra, '/') >= 0 }

// rest is the remainder of a line within an extra.
type rest struct {
	tail    int  // where its last comment ends, or 0
	end     int  // where its line break begins; tail if there is none
	broken  bool // there is a line break
	slashes bool // its last comment is a // comment
}

// restOfLine looks at the line on which extra begins. A block comment that goes
// over several lines counts as part of it.
func restOfLine(extra []byte) rest {
	var r rest
	for c := range remarks(extra) {
		if _, ok := lineBreak(extra, r.tail); ok {
			break
		}
		r.tail, r.slashes = c.end, c.slashes
	}
	r.end, r.broken = lineBreak(extra, r.tail)
	return r
}

// lineBreak returns where the next line break begins if only blanks are before
// it. All carriage returns before a line feed count as part of the break.
func lineBreak(extra []byte, from int) (int, bool) {
	blanks := len(extra[from:]) - len(bytes.TrimLeft(extra[from:], " \t\r"))
	if from+blanks == len(extra) || extra[from+blanks] != '\n' {
		return from, false
	}
	return from + len(bytes.TrimRight(extra[from:from+blanks], "\r")), true
}

// lead describes the white space directly before a value.
type lead struct {
	start   int  // where it begins: at the line break if the value begins a line
	newLine bool // the value begins a line
	slashes bool // the line break ends a // comment
}

// leadOf looks at the end of extra, the one before a value.
func leadOf(extra []byte) lead {
	blanks := bytes.TrimRight(extra, " \t\r")
	if len(blanks) == 0 || blanks[len(blanks)-1] != '\n' {
		return lead{start: len(bytes.TrimRight(extra, " \t"))}
	}
	start := len(blanks) - 1
	if start > 0 && extra[start-1] == '\r' {
		start--
	}
	l := lead{start: start, newLine: true}
	if last, any := lastRemark(extra); any {
		l.slashes = last.slashes && len(bytes.Trim(extra[last.end:start], "\r")) == 0
	}
	return l
}

// indentOf returns the indentation of a value that begins a line, given the
// extra before it.
func indentOf(extra []byte) (string, bool) {
	i := bytes.LastIndexByte(extra, '\n')
	if i < 0 {
		return "", false
	}
	return leadingBlanks(extra[i+1:]), true
}
