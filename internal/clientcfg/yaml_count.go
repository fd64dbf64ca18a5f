// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strings"
)

// countYAML counts the nodes of a YAML text, but none in its comments and texts, which
// can be full of JSON or of prose; a comment is commentNodes. It knows of YAML only what
// that takes: from where it is not sure any more, all that can begin a node counts. Rather
// too many than too few.
func countYAML(text []byte) int {
	s := yamlScan{yamlText: yamlText{data: text}, nodes: 1, hold: -1}
	for at, next := 0, s.newLine(0); ; at, next = next, s.step(next) {
		switch next {
		case unsure:
			return s.nodes + yamlMarks(text[at:])
		case len(text):
			return s.nodes
		}
	}
}

// unsure is in the place of an offset.
const unsure = -1

// yamlScan is where countYAML is. Its functions return where to go on.
type yamlScan struct {
	yamlText
	nodes int
	state yamlState
	depth int  // of brackets
	begin int  // offset of the line
	token int  // column of what may be a key
	owner int  // column of the last key or dash of the line; -1: there is none
	hold  int  // an open text goes on with lines that are deeper; -1: not known
	props bool // an anchor or a tag is before the token
}

type yamlState int

const (
	beforeYAML yamlState = iota // a value may begin
	withinYAML                  // within a text without quotes
	behindYAML                  // behind a value
)

// newLine begins a line.
func (s *yamlScan) newLine(at int) int {
	open := s.state == withinYAML
	if open && s.owner >= 0 {
		s.hold = s.owner
	}
	s.begin, s.owner, s.props = at, -1, false
	text := line(s.data[at:])
	content := bytes.TrimLeft(text, " ")
	col := len(text) - len(content)
	switch {
	case len(bytes.TrimRight(content, "\r")) == 0:
		return at + len(text)
	case col == 0 && isMarker(text, "---") && len(bytes.TrimSpace(text)) == 3 && s.depth == 0:
		s.state, s.hold = beforeYAML, -1
		return at + len(text)
	case col == 0 && (isMarker(text, "---") || isMarker(text, "...") || text[0] == '%'):
		return unsure
	case open && (s.depth > 0 || s.hold < 0 || col > s.hold):
		if s.token = col; !s.goesOn(at + col) {
			return unsure
		}
		return at + col
	}
	s.state, s.hold = beforeYAML, -1
	return at + col
}

// goesOn reports whether it makes no difference if an open text goes on with a line or
// another one begins there.
func (s *yamlScan) goesOn(at int) bool {
	switch c := s.data[at]; {
	case strings.IndexByte(",]}", c) >= 0:
		return s.depth > 0
	case c == '-':
		return !isSpace(s.at(at + 1))
	default:
		return strings.IndexByte("\t\"'|>[{&*!?:%@`", c) < 0
	}
}

// step reads a character, or more.
func (s *yamlScan) step(at int) int {
	switch c := s.data[at]; {
	case c == '\n':
		return s.newLine(at + 1)
	case c == '\t' && s.depth == 0 && s.state == beforeYAML:
		return unsure
	case isSpace(c):
		return at + 1
	case c == '#' && (at == 0 || isSpace(s.data[at-1])):
		s.nodes += yamlMark(s.data, at)
		return at + len(line(s.data[at:]))
	case s.depth > 0 && strings.IndexByte(",[]{}", c) >= 0:
		return s.bracket(at)
	case s.state == withinYAML:
		return s.plain(at)
	case s.state == behindYAML:
		if c == ':' && (s.depth > 0 || isSpace(s.at(at+1))) {
			return s.colon(at)
		}
		return unsure
	}
	return s.value(at)
}

// bracket reads what is none of the text in a [list] or an {object}.
func (s *yamlScan) bracket(at int) int {
	c := s.data[at]
	opens := c == '[' || c == '{'
	if opens && s.state == withinYAML {
		return unsure
	}
	s.nodes += yamlMark(s.data, at)
	s.state = beforeYAML
	switch {
	case opens:
		s.depth++
	case c != ',':
		s.depth--
		s.state = behindYAML
	}
	return at + 1
}

// plain reads a character of a text without quotes.
func (s *yamlScan) plain(at int) int {
	next := s.at(at + 1)
	switch {
	case s.data[at] != ':':
		return at + 1
	case isSpace(next), s.depth > 0 && isYAMLEnd(next):
		return s.colon(at)
	case s.depth > 0 && (next == ':' || next == '?'):
		return unsure
	}
	return at + 1
}

// colon ends a key.
func (s *yamlScan) colon(at int) int {
	if s.props {
		return unsure
	}
	s.nodes += yamlMark(s.data, at)
	s.state = beforeYAML
	if s.depth == 0 {
		s.owner = s.token
	}
	return at + 1
}

// value begins a value, or what is before one.
func (s *yamlScan) value(at int) int {
	c, last := s.data[at], isSpace(s.at(at+1))
	if s.depth == 0 {
		s.token = at - s.begin
	}
	switch {
	case c == '"' || c == '\'':
		s.state = behindYAML
		if end := s.quotedEnd(at); end >= 0 {
			return end
		}
		return len(s.data)
	case strings.IndexByte("&*!", c) >= 0:
		return s.property(at)
	case strings.IndexByte("-?:", c) >= 0 && (last || s.depth > 0):
		return s.dash(at)
	case c == '|' || c == '>':
		return s.blockText(at)
	case c == '[' || c == '{':
		return s.bracket(at)
	case strings.IndexByte("#,]}%@`", c) >= 0:
		return unsure
	}
	s.state = withinYAML
	return at + 1
}

// dash reads the - of an item, or the ? or : of a key that has them before it.
func (s *yamlScan) dash(at int) int {
	if s.depth > 0 && s.data[at] == '-' && !isYAMLEnd(s.at(at+1)) {
		s.state = withinYAML
		return at + 1
	}
	if s.depth > 0 || s.props {
		return unsure
	}
	s.nodes += yamlMark(s.data, at)
	s.owner = s.token
	return at + 1
}

// property reads an anchor, a tag or an alias.
func (s *yamlScan) property(at int) int {
	end := at + 1
	for end < len(s.data) && (isWordByte(s.data[end]) || s.data[end] == '_' || s.data[end] == '!') {
		end++
	}
	if s.depth > 0 || !isSpace(s.at(end)) {
		return unsure
	}
	s.nodes += yamlMark(s.data, at)
	if s.props = true; s.data[at] == '*' {
		s.state = behindYAML
	}
	return end
}

// blockText reads a | or > text.
func (s *yamlScan) blockText(at int) int {
	head := strings.TrimRight(string(line(s.data[at+1:])), " \r")
	if s.depth > 0 || s.owner < 0 || strings.Trim(head, "+-") != "" {
		return unsure
	}
	indent, most := -1, 0
	next := lineEnd(s.data, at)
	for ; next < len(s.data); next = lineEnd(s.data, next) {
		text := bytes.TrimRight(line(s.data[next:]), "\r")
		content := bytes.TrimLeft(text, " ")
		col := len(text) - len(content)
		switch {
		case indent < 0 && len(content) == 0:
			most = max(most, col)
		case indent < 0 && (col <= s.owner || col < most):
			return unsure
		case indent < 0:
			indent = col
		case len(content) > 0 && col < indent:
			s.state = behindYAML
			return s.newLine(next)
		}
	}
	return next
}
