// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/json"
	"unicode/utf8"
)

// Bounds of what an Scanner keeps: a longer name cannot be one it looks for,
// a longer id is not answered, further messages of a batch are not counted.
const (
	scanMaxName     = 64
	scanMaxID       = 1 << 10
	scanMaxMessages = maxBatch
)

// Scanner finds the ids of a text that is too long to be kept or is not
// valid JSON, wherever in the object they stand, in constant memory. It only
// counts brackets and skips strings; what it finds is a best guess
// (transport.md F-14, F-17).
type Scanner struct {
	Size  int64 // bytes seen
	found []Outline

	started   bool
	base      int // depth of the messages: 1 inside a batch
	depth     int
	object    bool // the message is an object
	inString  bool
	escaped   bool
	collect   *[]byte // where the bytes of the current token go
	max       int
	name      []byte
	id        []byte
	skipped   []byte
	idTooLong bool
	now       Outline
}

// Outline is a message of which only the outline is known.
type Outline struct {
	ID        []byte // nil if none was found
	HasMethod bool
	HasAnswer bool // has result or error
}

// Write takes the next bytes of the text. It never fails.
func (s *Scanner) Write(p []byte) (int, error) {
	s.Size += int64(len(p))
	for _, c := range p {
		if s.inString {
			s.stringByte(c)
		} else {
			s.tokenByte(c)
		}
	}
	return len(p), nil
}

func (s *Scanner) stringByte(c byte) {
	s.keep(c)
	switch {
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = false
	}
}

func (s *Scanner) tokenByte(c byte) {
	switch c {
	case ' ', '\t', '\r', '\n':
		return
	case '"':
		s.startString()
	case '{', '[':
		s.open(c)
	case '}', ']':
		s.close()
	case ':':
		s.startValue()
	case ',':
		s.endValue()
	default:
		s.keep(c)
	}
	s.started = true
}

// startString begins a token; at the level of a message it may be a name.
func (s *Scanner) startString() {
	s.inString = true
	if s.depth == s.base+1 && s.collect == nil {
		s.name, s.collect, s.max = s.name[:0], &s.name, scanMaxName
	}
	s.keep('"')
}

func (s *Scanner) open(c byte) {
	if !s.started && c == '[' {
		s.base = 1
	}
	s.keep(c)
	if s.depth++; s.depth == s.base+1 {
		s.now, s.id, s.idTooLong, s.object = Outline{}, nil, false, c == '{'
	}
}

func (s *Scanner) close() {
	if s.depth == s.base+1 {
		s.endValue()
		s.endMessage()
	}
	s.keep('}')
	s.depth--
}

func (s *Scanner) startValue() {
	if s.depth != s.base+1 {
		return
	}
	s.collect = nil
	switch string(decodeName(s.name)) {
	case "id":
		s.id, s.idTooLong = nil, false
		s.collect, s.max = &s.id, scanMaxID
	case "method":
		s.now.HasMethod = true
	case "result", "error":
		s.now.HasAnswer = true
	}
	s.name = s.name[:0]
	if s.collect == nil {
		s.collect, s.max = &s.skipped, 0 // the value is not a name
	}
}

func (s *Scanner) endValue() {
	if s.depth == s.base+1 {
		s.collect = nil
	}
}

func (s *Scanner) endMessage() {
	if !s.object {
		return
	}
	if _, ok := IDKey(s.id); ok && !s.idTooLong && json.Valid(s.id) && utf8.Valid(s.id) {
		s.now.ID = s.id
	}
	if len(s.found) < scanMaxMessages {
		s.found = append(s.found, s.now)
	}
	s.now, s.id = Outline{}, nil
}

func (s *Scanner) keep(c byte) {
	if s.collect == nil {
		return
	}
	if len(*s.collect) >= s.max {
		s.idTooLong = s.idTooLong || s.collect == &s.id
		return
	}
	*s.collect = append(*s.collect, c)
}

// Messages ends the text, which may have been cut off, and returns what was
// found in it. An id that was cut off itself is not known.
func (s *Scanner) Messages() []Outline {
	if s.depth > s.base && (s.now.HasMethod || s.now.HasAnswer || s.id != nil) {
		s.idTooLong = s.idTooLong || s.collect == &s.id
		s.endMessage()
	}
	return s.found
}

// Scan is Scanner over a text that is in memory.
func Scan(doc []byte) []Outline {
	var s Scanner
	_, _ = s.Write(doc)
	return s.Messages()
}

// maxNested is how deep in arrays messages are looked for. No version has such
// batches.
const maxNested = 8

// EachOutline calls f with the outline of each message in a text of valid JSON, which
// may be none, or in batches in it. It keeps nothing.
func EachOutline(doc []byte, f func(Outline)) { eachOutline(doc, maxNested, f) }

func eachOutline(doc []byte, deep int, f func(Outline)) {
	if i := skipSpace(doc, 0); i < len(doc) && doc[i] == '[' {
		EachElement(doc, func(at Span) bool {
			if deep > 0 {
				eachOutline(at.Of(doc), deep-1, f)
			}
			return true
		})
		return
	}
	m, _ := ParseMessage(doc)
	o := Outline{HasMethod: m.Method != "", HasAnswer: m.Result != nil || m.Failure != nil}
	if _, ok := IDKey(m.ID); ok {
		o.ID = m.ID
	}
	f(o)
}
