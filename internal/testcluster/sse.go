// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxOldLine bounds a line of an event stream in older releases.
const maxOldLine = 64 << 10

var (
	errLineTooLong   = errors.New("line of an event stream is too long")
	errUnnamedEvent  = errors.New("event is not of the kind message")
	errServerRequest = errors.New("message is not a response or a notification")
)

// eventStream reads the messages of an event stream and writes each anew, as an
// event "message" with one line of data: ids, retry, comments and events of
// other names are lost. What is no message that may pass, a request of the
// server too, ends the stream, and however it ends, the client sees a clean end
// (protocol.md 15.4).
type eventStream struct {
	src     io.ReadCloser
	lines   *bufio.Reader
	old     bool
	process func(*rpcMessage) *rpcMessage // of responses

	out  []byte // to be read
	done bool
}

// newEventStream reads src, with the older reader if old.
func newEventStream(src io.ReadCloser, old bool, process func(*rpcMessage) *rpcMessage) *eventStream {
	return &eventStream{src: src, lines: bufio.NewReader(src), old: old, process: process}
}

func (s *eventStream) Close() error { return s.src.Close() }

func (s *eventStream) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.done {
			return 0, io.EOF
		}
		data, err := s.nextEvent()
		if err == nil {
			s.out, err = s.rewrite(data)
		}
		s.done = err != nil
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// nextEvent returns the data of the next event that is a message. One without
// the blank line at its end is none.
func (s *eventStream) nextEvent() ([]byte, error) {
	var name string
	var data [][]byte
	for size := 0; ; {
		line, err := streamLine(s.lines, s.limit()-size)
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			if s.old && name != "message" {
				return nil, errUnnamedEvent
			}
			if joined := bytes.Join(data, []byte("\n")); len(joined) > 0 && (name == "" || name == "message") {
				return joined, nil
			}
			name, data, size = "", nil, 0
			continue
		}
		switch field, value := fieldOf(line); field {
		case "event":
			name = string(value)
		case "data":
			data = append(data, value)
			size += len(value) + 1
		}
	}
}

func (s *eventStream) limit() int {
	if s.old {
		return maxOldLine
	}
	return maxMCPBody
}

// streamLine reads a line of an event stream without its end. A CR alone does not
// end one.
func streamLine(lines *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit {
			return nil, errLineTooLong
		}
		if err == nil {
			return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// rewrite returns the event in which a message passes.
func (s *eventStream) rewrite(data []byte) ([]byte, error) {
	msg := new(rpcMessage)
	if err := decodeJSON(data, msg); err != nil {
		return nil, err
	}
	var out []byte
	switch {
	case msg.isResponse():
		out = mustJSON(s.process(msg))
	case msg.isNotification():
		note := rpcNotification{JSONRPC: msg.JSONRPC, Method: msg.Method}
		if msg.Params != nil {
			if err := decodeJSON(msg.Params, &note.Params); err != nil {
				return nil, err
			}
		}
		out = mustJSON(note)
	default:
		return nil, errServerRequest
	}
	return fmt.Appendf(nil, "event: message\ndata: %s\n\n", out), nil
}

// fieldOf splits a line into a field's name and value. The name of a comment is
// empty.
func fieldOf(line []byte) (string, []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	return string(name), bytes.TrimPrefix(value, []byte(" "))
}
