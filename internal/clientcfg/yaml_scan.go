// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
)

// The scanner finds where things are in a YAML file: dashes, keys, and the
// extent of values. It knows block style only as far as config files use it and
// refuses the rest; what the values mean, and whether the file is YAML at all,
// is for the parser to say (yaml_parse.go). Its offsets are why it exists: those
// of the parser are not exact.

// yamlMark is a dash, a key with its colon, or a value.
type yamlMark struct {
	span         // a dash; a key to behind its colon; a value
	col   int    // bytes from the start of its line
	kind  int    // yamlDash, yamlKey or yamlValue
	key   []byte // as it is written, with quotes
	props bool   // an anchor or a tag is before it
}

const (
	yamlDash = iota
	yamlKey
	yamlValue
)

// yamlScanner goes through a text line by line.
type yamlScanner struct {
	data   []byte
	pos    int
	marks  []yamlMark
	open   []int // columns of the keys and dashes that what follows may belong to
	props  bool  // an anchor or a tag waits for what it belongs to
	blocks []yamlBlock
	marker bool // "---" was there
}

// yamlBlock is a | or > scalar.
type yamlBlock struct {
	span
	keep   bool // the empty lines behind it are part of it
	indent int  // lines that are at least so deep are part of it
}

// yamlStop is a refusal of the scanner.
type yamlStop struct {
	at  int
	msg string
}

const cannotEdit = ", which cannot be edited safely"

// scanYAML returns the marks of a text. Errors: *SyntaxError.
func scanYAML(data []byte) (marks []yamlMark, blocks []yamlBlock, err error) {
	s := yamlScanner{data: data}
	defer func() {
		if stop, ok := recover().(yamlStop); ok {
			marks, blocks, err = nil, nil, errorAt(data, stop.at, stop.msg)
		}
	}()
	for s.pos < len(data) {
		s.line()
	}
	return s.marks, s.blocks, nil
}

func (s *yamlScanner) stop(at int, msg string) { panic(yamlStop{min(at, len(s.data)), msg}) }

// at returns the byte at an offset, a line break behind the end.
func (s *yamlScanner) at(i int) byte {
	if i >= len(s.data) {
		return '\n'
	}
	return s.data[i]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// ends reports whether a line break, or a blank if that counts, is at i.
func (s *yamlScanner) ends(i int, blanks bool) bool {
	c := s.at(i)
	return c == '\n' || c == '\r' && s.at(i+1) == '\n' || blanks && isBlank(c)
}

// line scans the marks of one line, and with its last value the lines that this
// goes on to.
func (s *yamlScanner) line() {
	start := s.pos
	for s.at(s.pos) == ' ' {
		s.pos++
	}
	if s.restIsEmpty() {
		return
	}
	switch c := s.at(s.pos); {
	case c == '\t':
		s.stop(s.pos, "a tab in the indentation"+cannotEdit)
	case s.pos == start && c == '%':
		s.stop(s.pos, "a directive"+cannotEdit)
	case s.pos == start && s.isMarker("..."):
		s.stop(s.pos, "an end of the document"+cannotEdit)
	case s.pos == start && s.isMarker("---"):
		if s.marker || len(s.marks) > 0 {
			s.stop(s.pos, "more than one document"+cannotEdit)
		}
		s.marker = true
		if s.pos += 3; !s.restIsEmpty() {
			s.stop(s.pos, "content beside ---"+cannotEdit)
		}
		return
	}
	for s.dash(start) {
		if s.restIsEmpty() {
			return
		}
	}
	if s.node(start, false) && !s.restIsEmpty() {
		s.node(start, true)
	}
}

func (s *yamlScanner) isMarker(m string) bool {
	return bytes.HasPrefix(s.data[s.pos:], []byte(m)) && s.ends(s.pos+3, true)
}

// restIsEmpty goes to the next line if nothing but blanks and a comment is left
// on this one.
func (s *yamlScanner) restIsEmpty() bool {
	i := s.pos
	for isBlank(s.at(i)) {
		i++
	}
	comment := s.at(i) == '#' && (i == 0 || isBlank(s.at(i-1)) || s.data[i-1] == '\n')
	if !comment && !s.ends(i, false) {
		return false
	}
	s.pos = lineEnd(s.data, i)
	return true
}

func (s *yamlScanner) blanks() {
	for s.at(s.pos) == ' ' {
		s.pos++
	}
	if s.at(s.pos) == '\t' {
		for isBlank(s.at(s.pos)) {
			s.pos++
		}
	}
}

// add adds a mark. Keys and dashes close what is at their column or deeper.
func (s *yamlScanner) add(lineStart int, m yamlMark) {
	m.col, m.props = m.start-lineStart, s.props
	s.props = false
	if len(s.open) > maxDepth {
		s.stop(m.start, "nested too deeply")
	}
	if m.kind != yamlValue {
		s.open = slices.DeleteFunc(s.open, func(col int) bool { return col >= m.col })
		s.open = append(s.open, m.col)
	}
	s.marks = append(s.marks, m)
}

// dash scans a dash and the blanks behind it.
func (s *yamlScanner) dash(lineStart int) bool {
	if s.at(s.pos) != '-' || !s.ends(s.pos+1, true) {
		return false
	}
	s.add(lineStart, yamlMark{span: span{s.pos, s.pos + 1}, kind: yamlDash})
	s.pos++
	if s.at(s.pos) == '\t' {
		s.stop(s.pos, "a tab behind a dash"+cannotEdit)
	}
	s.blanks()
	return true
}

// node scans a key, or a value. It reports whether it was a key; a value may
// follow on the line then.
func (s *yamlScanner) node(lineStart int, behindKey bool) bool {
	props := false
	for s.at(s.pos) == '&' || s.at(s.pos) == '!' {
		for !s.ends(s.pos, true) {
			s.pos++
		}
		if s.restIsEmpty() {
			s.props = true
			return false
		}
		props = true
		s.blanks()
	}
	start, c := s.pos, s.at(s.pos)
	if c == '?' && s.ends(s.pos+1, true) {
		s.stop(s.pos, "a key after ?"+cannotEdit)
	}
	if c == '|' || c == '>' {
		s.props = s.props || props
		s.block(lineStart)
		return false
	}
	switch c {
	case '"', '\'':
		s.quoted()
	case '[', '{':
		s.flow()
	default:
		s.plain()
	}
	end := s.pos
	s.blanks()
	if s.at(s.pos) == ':' && s.ends(s.pos+1, true) {
		key := s.data[start:end]
		if c == '[' || c == '{' || c == '*' || props || behindKey || bytes.ContainsRune(key, '\n') {
			s.stop(start, "a key of this kind"+cannotEdit)
		}
		s.pos++
		s.add(lineStart, yamlMark{span: span{start, s.pos}, kind: yamlKey, key: key})
		s.blanks()
		return true
	}
	s.pos, s.props = end, s.props || props
	if c != '"' && c != '\'' && c != '[' && c != '{' {
		s.more(s.parent(start-lineStart, behindKey))
	}
	s.add(lineStart, yamlMark{span: span{start, s.pos}, kind: yamlValue})
	if !s.restIsEmpty() {
		s.stop(s.pos, "something behind a value"+cannotEdit)
	}
	return false
}

// parent returns the column of the key or dash that a value at a column belongs
// to; -1 if there is none.
func (s *yamlScanner) parent(col int, behindKey bool) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		if behindKey || s.open[i] < col {
			return s.open[i]
		}
	}
	return -1
}
