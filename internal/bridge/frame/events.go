// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"time"
)

// Bounds of an event stream's small parts.
const (
	sseMaxField  = 8 << 10 // id, event and retry values; longer ones are ignored
	sseFirstRead = 4 << 10 // most answers are shorter, and each has a stream of its own
	sseRead      = 16 << 10
	sseMaxRetry  = 5 * time.Minute // longest reconnection time a server may ask for
)

// Event is one dispatched event of a stream (transport.md 1F).
type Event struct {
	Text
	Name   string // "" without one
	NoRoom bool   // it is too long, but not over the limit: see EventReader.Admit
}

// IsMessage says whether the event carries an MCP message (transport.md P10).
func (e *Event) IsMessage() bool { return e.Name == "" || e.Name == "message" }

// Cursor is what a stream's events leave behind for a reconnection.
type Cursor struct {
	LastID string        // "" for none (transport.md P8)
	Retry  time.Duration // -1 until the server names one (transport.md P9)
	Moved  bool          // an id or data arrived since it was last cleared
}

// EventReader parses an event stream. It splits the stream in a single pass, so
// that a message of many megabytes is copied once, into its event.
type EventReader struct {
	r      io.Reader
	limit  int // longest data of an event in bytes
	cursor *Cursor

	lent    *[sseFirstRead]byte // is buf; nil: it is of the reader's own, or not needed yet
	buf     []byte
	pending []byte // unread part of buf
	full    bool   // the last read has filled buf: more is there
	begun   bool
	afterCR bool // the last line ended in CR: a following LF belongs to it

	inValue bool
	field   []byte
	value   []byte // value of a field other than data
	first   bool   // no byte of the value was seen yet
	lines   int    // data lines of the event
	name    string
	id      string // takes effect when its event is complete
	newID   bool
	data    Text

	short    int         // data beyond it needs admission
	admit    func() bool // nil: it does not
	admitted bool        // the event
	noRoom   bool
}

// Admit makes admit be asked, which may wait, before more than short bytes of an
// event are kept. An event for which it returns false is told as TooLong.
func (s *EventReader) Admit(short int, admit func() bool) { s.short, s.admit = short, admit }

// NewEventReader reads the stream r, with events of at most limit bytes of data,
// and keeps c up to date. c.Retry is -1 for a stream that begins.
func NewEventReader(r io.Reader, limit int, c *Cursor) *EventReader {
	return &EventReader{r: r, limit: limit, cursor: c}
}

// firstReads are what readers begin with: most end before they need more, and there
// is one for each answer.
var firstReads = sync.Pool{New: func() any { return new([sseFirstRead]byte) }}

// Release gives back what the reader has borrowed. It is not to be used any more, but
// the events that it returned are.
func (s *EventReader) Release() {
	if s.lent != nil {
		firstReads.Put(s.lent)
	}
	s.lent, s.buf, s.pending = nil, nil, nil
}

// grow makes room for the first read, and more where that was full.
func (s *EventReader) grow() {
	switch {
	case s.buf == nil:
		s.lent = firstReads.Get().(*[sseFirstRead]byte)
		s.buf = s.lent[:]
	case s.full && len(s.buf) < sseRead:
		s.Release()
		s.buf = make([]byte, sseRead)
	}
}

// Next returns the next event that carries data. At the end of the stream, or
// when it breaks, the unfinished event is dropped (transport.md P7).
func (s *EventReader) Next() (Event, error) {
	for {
		for len(s.pending) > 0 {
			if e, ok := s.step(); ok {
				return e, nil
			}
		}
		s.grow()
		n, err := s.r.Read(s.buf)
		s.pending, s.full = s.buf[:n], n == len(s.buf)
		if n > 0 && !s.begun {
			s.begin()
		}
		if n == 0 && err != nil {
			return Event{}, err
		}
	}
}

// begin drops a byte order mark (transport.md P1), reading on if it came in parts.
func (s *EventReader) begin() {
	for len(s.pending) < len(mark) && bytes.HasPrefix(mark, s.pending) {
		n, err := s.r.Read(s.buf[len(s.pending):])
		s.pending = s.buf[:len(s.pending)+n]
		if err != nil {
			break
		}
	}
	s.pending = bytes.TrimPrefix(s.pending, mark)
	s.begun = true
}

// step consumes pending bytes up to the next line end, if there is one.
func (s *EventReader) step() (Event, bool) {
	if s.afterCR {
		s.afterCR = false
		if s.pending[0] == '\n' {
			s.pending = s.pending[1:]
			return Event{}, false
		}
	}
	end := lineEnd(s.pending)
	if end < 0 {
		s.take(s.pending)
		s.pending = nil
		return Event{}, false
	}
	s.take(s.pending[:end])
	s.afterCR = s.pending[end] == '\r'
	s.pending = s.pending[end+1:]
	return s.endLine()
}

// lineEnd returns the index of the first CR or LF (transport.md P2), -1 without one.
func lineEnd(b []byte) int {
	lf := bytes.IndexByte(b, '\n')
	if lf >= 0 {
		b = b[:lf]
	}
	if cr := bytes.IndexByte(b, '\r'); cr >= 0 {
		return cr
	}
	return lf
}

// take adds a part of a line to the field's name or value.
func (s *EventReader) take(part []byte) {
	if len(part) == 0 {
		return
	}
	if !s.inValue {
		colon := bytes.IndexByte(part, ':')
		if colon < 0 {
			s.field = appendBounded(s.field, part)
			return
		}
		s.field = appendBounded(s.field, part[:colon])
		s.startValue()
		part = part[colon+1:]
	}
	if s.first && len(part) > 0 {
		s.first = false
		if part[0] == ' ' { // exactly one (transport.md P4)
			part = part[1:]
		}
	}
	s.takeValue(part)
}

func (s *EventReader) startValue() {
	s.inValue, s.first = true, true
	if string(s.field) == "data" {
		s.startData()
	}
}

// startData begins a data line; lines are joined by LF (transport.md P5).
func (s *EventReader) startData() {
	if s.lines++; s.lines > 1 {
		s.addData([]byte{'\n'})
	}
}

func (s *EventReader) takeValue(part []byte) {
	switch string(s.field) {
	case "data":
		s.addData(part)
	case "id", "event", "retry":
		s.value = appendBounded(s.value, part)
	}
}

func appendBounded(dst, part []byte) []byte {
	if len(dst) > sseMaxField {
		return dst
	}
	return append(dst, part[:min(len(part), sseMaxField+1-len(dst))]...)
}

func (s *EventReader) addData(part []byte) {
	s.data.add(part, s.data.TooLong == nil && s.fits(len(s.data.Data)+len(part)))
}

// fits says whether the data of the event may be as long.
func (s *EventReader) fits(size int) bool {
	if size > s.limit {
		return false
	}
	if size > s.short && s.admit != nil && !s.admitted {
		s.admitted = s.admit()
		s.noRoom = !s.admitted
	}
	return !s.noRoom
}

// endLine applies a field, or dispatches the event on a blank line.
func (s *EventReader) endLine() (Event, bool) {
	blank := len(s.field) == 0 && !s.inValue
	if blank {
		return s.dispatch()
	}
	if !s.inValue && string(s.field) == "data" {
		s.startData()
	}
	if len(s.value) <= sseMaxField {
		s.apply(string(s.field), string(s.value))
	}
	s.field, s.value, s.inValue = s.field[:0], s.value[:0], false
	return Event{}, false
}

func (s *EventReader) apply(field, value string) {
	switch field {
	case "event":
		s.name = value
	case "id":
		if !strings.ContainsFunc(value, isControl) {
			s.id, s.newID = value, true
		}
	case "retry":
		s.cursor.setRetry(value)
	}
}

// isControl says whether a character ends an id's use (transport.md P8): NUL by the
// standard, and of the others none can be sent back in a header.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// setRetry takes a reconnection time in milliseconds.
func (c *Cursor) setRetry(value string) {
	if !IsDigits(value) {
		return
	}
	ms := int64(sseMaxRetry / time.Millisecond)
	if len(value) < 10 {
		ms = min(ms, parseDigits(value))
	}
	c.Retry = time.Duration(ms) * time.Millisecond
}

func parseDigits(s string) (n int64) {
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// dispatch ends the event; without data there is none, though id and retry have
// taken effect (transport.md P6). An id counts from here on and no earlier:
// whoever resumed at the id of a half event would never see that event.
func (s *EventReader) dispatch() (Event, bool) {
	if s.newID {
		s.cursor.LastID, s.cursor.Moved, s.newID = s.id, true, false
	}
	e := Event{Text: s.data, Name: s.name, NoRoom: s.noRoom}
	s.name, s.data, s.lines = "", Text{}, 0
	s.admitted, s.noRoom = false, false
	if len(e.Data) == 0 && e.TooLong == nil {
		return Event{}, false
	}
	s.cursor.Moved = true
	return e, true
}
