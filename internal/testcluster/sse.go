// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxHeldEvent bounds the event that a stream filter holds back.
const maxHeldEvent = maxMCPBody + 64<<10

var (
	errEventTooLarge = errors.New("event larger than 10 MiB")
	errServerRequest = errors.New("message is not a response or a notification")
)

// sseStream rewrites an event stream while it passes. Only an event that has
// begun its data is held back, until its end.
//
// A line may end in LF, CRLF or CR. A CR ends its line at once; a LF that
// follows belongs to it.
type sseStream struct {
	src io.ReadCloser
	// event returns what goes out in place of a held event, raw, with its end.
	event func(raw []byte) ([]byte, error)
	// all holds events back from their first line on; else lines before the
	// data go out as they come.
	all bool

	buf    [16 << 10]byte
	out    []byte // to be read
	held   []byte // lines of the event, complete ones
	line   []byte // the line being read
	wasCR  bool
	failed error // after out
}

func (s *sseStream) Close() error { return s.src.Close() }

func (s *sseStream) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.failed != nil {
			return 0, s.failed
		}
		n, err := s.src.Read(s.buf[:])
		s.feed(s.buf[:n])
		if err != nil && s.failed == nil {
			s.finish(err)
		}
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// feed takes the next bytes of the source.
func (s *sseStream) feed(data []byte) {
	for len(data) > 0 && s.failed == nil {
		text, end := data, data[len(data):]
		if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
			text, end = data[:i], data[i:i+1]
		}
		data = data[len(text)+len(end):]
		halfEnd := s.wasCR && len(text) == 0 && string(end) == "\n"
		s.wasCR = string(end) == "\r"
		if halfEnd {
			s.pass(end)
			continue
		}
		s.line = append(append(s.line, text...), end...)
		if len(end) > 0 {
			s.endLine()
		}
		if len(s.held)+len(s.line) > maxHeldEvent {
			s.failed = errEventTooLarge
		}
	}
}

// pass sends bytes out, behind what is held.
func (s *sseStream) pass(b []byte) {
	if s.all || len(s.held) > 0 {
		s.held = append(s.held, b...)
	} else {
		s.out = append(s.out, b...)
	}
}

func (s *sseStream) endLine() {
	line := s.line
	s.line = s.line[:0]
	text := bytes.TrimRight(line, "\r\n")
	name, _ := fieldOf(text)
	switch {
	case len(text) == 0:
		s.endEvent(line)
	case name == "data":
		s.held = append(s.held, line...)
	default:
		s.pass(line)
	}
}

// endEvent sends out the held event with the blank line that ends it.
func (s *sseStream) endEvent(blank []byte) {
	raw := append(s.held, blank...)
	s.held = nil
	if !s.all && len(raw) == len(blank) {
		s.out = append(s.out, blank...)
		return
	}
	out, err := s.event(raw)
	s.out = append(s.out, out...)
	s.failed = err
}

// finish ends the stream as the source ends. An event without its end is one
// to lenient readers, so it is looked at like the others.
func (s *sseStream) finish(err error) {
	if len(s.line) > 0 {
		s.endLine()
	}
	if len(s.held) > 0 && s.failed == nil {
		s.endEvent(nil)
	}
	if s.failed == nil {
		s.failed = err
	}
}

// newStreamFilter passes a stream byte for byte but for the data of events that
// filter changes. filter gets the data of an event and returns it, or other
// data.
func newStreamFilter(src io.ReadCloser, filter func([]byte) []byte) io.ReadCloser {
	return &sseStream{src: src, event: func(raw []byte) ([]byte, error) {
		data := parseEvent(raw).data
		filtered := filter(data)
		if bytes.Equal(filtered, data) {
			return raw, nil
		}
		return replaceData(raw, filtered), nil
	}}
}

// newStrictStream passes only the messages of a stream, see SetStrictStreams.
func newStrictStream(src io.ReadCloser, filter func([]byte) []byte) io.ReadCloser {
	return &sseStream{src: src, all: true, event: func(raw []byte) ([]byte, error) {
		e := parseEvent(raw)
		if e.name != "message" || len(e.data) == 0 {
			return nil, nil
		}
		msg, err := parseMessage(e.data)
		if err != nil {
			return nil, err
		}
		if msg.method != "" && msg.id != nil || msg.method == "" && !msg.result {
			return nil, errServerRequest
		}
		oneLine := bytes.ReplaceAll(filter(e.data), []byte("\n"), []byte(" "))
		return fmt.Appendf(nil, "event: message\ndata: %s\n\n", oneLine), nil
	}}
}

// sseEvent is what matters of an event.
type sseEvent struct {
	name string
	data []byte
}

func parseEvent(raw []byte) sseEvent {
	var e sseEvent
	var data [][]byte
	for len(raw) > 0 {
		var text []byte
		text, _, raw = cutLine(raw)
		switch name, value := fieldOf(text); name {
		case "event":
			e.name = string(value)
		case "data":
			data = append(data, value)
		}
	}
	e.data = bytes.Join(data, []byte("\n"))
	return e
}

// replaceData puts other data into an event. The other lines stay.
func replaceData(raw, data []byte) []byte {
	var out []byte
	for replaced := false; len(raw) > 0; {
		var text, end []byte
		text, end, raw = cutLine(raw)
		if name, _ := fieldOf(text); name != "data" {
			out = append(append(out, text...), end...)
			continue
		}
		if replaced {
			continue
		}
		replaced = true
		if len(end) == 0 {
			end = []byte("\n")
		}
		for part := range bytes.SplitSeq(data, []byte("\n")) {
			out = fmt.Appendf(out, "data: %s%s", part, end)
		}
	}
	return out
}

// cutLine splits the first line off: its text and its end.
func cutLine(raw []byte) (text, end, rest []byte) {
	i := bytes.IndexAny(raw, "\r\n")
	if i < 0 {
		return raw, nil, nil
	}
	n := i + 1
	if raw[i] == '\r' && n < len(raw) && raw[n] == '\n' {
		n++
	}
	return raw[:i], raw[i:n], raw[n:]
}

// fieldOf splits a line into a field's name and value. A byte order mark, which
// may begin a stream, is not part of the name.
func fieldOf(line []byte) (string, []byte) {
	line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	name, value, _ := bytes.Cut(line, []byte(":"))
	return string(name), bytes.TrimPrefix(value, []byte(" "))
}
