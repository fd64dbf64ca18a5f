// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "bytes"

// quoted goes behind a quoted text, which may have several lines.
func (s *yamlScanner) quoted() {
	start, quote := s.pos, s.at(s.pos)
	for s.pos++; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '\\' && quote == '"':
			s.pos++
		case c == quote && quote == '\'' && s.at(s.pos+1) == quote:
			s.pos++
		case c == quote:
			s.pos++
			return
		}
	}
	s.stop(start, "text without an end")
}

// flow goes behind a [list] or an {object}, which may have several lines.
func (s *yamlScanner) flow() {
	start, depth := s.pos, 0
	before := byte('[') // the last byte that is not blank
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		opens := bytes.IndexByte([]byte("[{,:"), before) >= 0
		switch {
		case (c == '"' || c == '\'') && opens:
			s.quoted()
			before = c
			continue
		case c == '#' && s.pos > 0 && (isBlank(s.data[s.pos-1]) || s.data[s.pos-1] == '\n'):
			s.pos = lineEnd(s.data, s.pos)
			continue
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
		s.pos++
		if depth == 0 {
			return
		}
		if depth > maxDepth {
			s.stop(start, "nested too deeply")
		}
		if !isBlank(c) && c != '\n' && c != '\r' {
			before = c
		}
	}
	s.stop(start, "list or object without an end")
}

// plain goes behind the part of a text without quotes that is on this line. If
// it is a key, its colon is next.
func (s *yamlScanner) plain() {
	end := s.pos
	for i := s.pos; !s.ends(i, false); i++ {
		c := s.at(i)
		if c == ':' && s.ends(i+1, true) || c == '#' && i > s.pos && isBlank(s.at(i-1)) {
			break
		}
		if !isBlank(c) {
			end = i + 1
		}
	}
	if end == s.pos {
		s.stop(s.pos, "a key of this kind"+cannotEdit)
	}
	s.pos = end
}

// more goes on with a text without quotes on the next lines, as long as they
// are deeper than its parent and no comment.
func (s *yamlScanner) more(parent int) {
	if i := s.pos; !s.ends(i, false) {
		for isBlank(s.at(i)) {
			i++
		}
		if s.at(i) == '#' {
			return
		}
	}
	for next := lineEnd(s.data, s.pos); next < len(s.data); next = lineEnd(s.data, next) {
		text := line(s.data[next:])
		content := bytes.TrimLeft(text, " ")
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if len(text)-len(content) <= parent || content[0] == '#' {
			return
		}
		s.pos = next + len(text) - len(bytes.TrimLeft(text, " \t"))
		start := s.pos
		if s.plain(); s.pos == start {
			return
		}
		if i := s.pos; !s.ends(i, false) {
			return // a comment ends it; what else there is, the caller finds
		}
	}
}

// block scans a | or > scalar: all lines that are empty or deeper than its
// parent, and no less deep than its first. Empty lines at its end count only if it says so with a plus; a line of
// blanks that goes beyond the text's indentation is not empty.
func (s *yamlScanner) block(lineStart int) {
	start := s.pos
	parent := s.parent(start-lineStart, len(s.marks) > 0 && s.marks[len(s.marks)-1].end > lineStart)
	keep, indent := false, -1
	for !s.ends(s.pos, true) {
		keep = keep || s.at(s.pos) == '+'
		if c := s.at(s.pos); c >= '1' && c <= '9' {
			indent = parent + int(c-'0')
		}
		s.pos++
	}
	end := s.pos
	if !s.restIsEmpty() {
		s.stop(s.pos, "something behind the head of a text"+cannotEdit)
	}
	next := s.pos
	for ; next < len(s.data); next = lineEnd(s.data, next) {
		text := bytes.TrimRight(line(s.data[next:]), "\r")
		spaces := len(text) - len(bytes.TrimLeft(text, " "))
		empty := len(bytes.TrimSpace(text)) == 0
		if !empty && (spaces <= parent || spaces < indent) {
			break
		}
		if !empty && indent < 0 {
			indent = spaces
		}
		if !empty || keep || indent >= 0 && len(text) > indent {
			end = next + len(text)
		}
	}
	s.pos = next
	s.blocks = append(s.blocks, yamlBlock{span{start, end}, keep, max(indent, parent+1)})
	s.add(lineStart, yamlMark{span: span{start, end}, kind: yamlValue})
}
