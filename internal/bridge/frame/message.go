// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package frame is the bytes of MCP messages: finding messages in a text and
// what is in them, changing parts of one and nothing else, the lines of a
// stdio transport, the events of a stream, and what headers repeat. It decodes
// only what is looked at, keeps no state beyond one stream, and knows neither
// sessions nor HTTP.
package frame

import (
	"bytes"
	"errors"
)

// Kind is what a JSON-RPC message is.
type Kind uint8

// The kinds of messages.
const (
	Invalid      Kind = iota // none of the others
	Request                  // method and id
	Notification             // method, no id
	Response                 // id, and result or error
)

// Message is one JSON-RPC message as far as it is looked at. All byte slices are
// parts of Doc, raw JSON, and nil where there is none.
type Message struct {
	Kind   Kind
	Doc    []byte // the whole message
	ID     []byte // as written
	IDAt   Span   // of ID in Doc
	Key    string // equal for ids that mean the same, so 1 is not "1" but "a/b" is "a\/b"
	Method string
	Params []byte
	Result []byte
	// ResultAt is where Result is in Doc.
	ResultAt Span
	Failure  []byte // the error member
	// Part tells that Doc is a part of an array, whose bytes are still needed.
	Part bool
}

// Reasons why a frame is no message. The first maps to -32700, the other to
// -32600 (transport.md F-14).
var (
	ErrParse   = errors.New("not valid JSON in UTF-8")
	ErrInvalid = errors.New("not a JSON-RPC 2.0 message")
)

// maxBatch is how many messages a batch may have: what is known of one takes a
// hundred times as much memory as the shortest has bytes.
const maxBatch = 1 << 10

// Parse reads a whole frame: one message, or the messages of a batch
// (transport.md F-23). With ErrInvalid the messages hold what could be
// found, so that their ids can be answered.
func Parse(doc []byte) (messages []Message, batch bool, err error) {
	var w walk
	return w.messages(doc)
}

// messages are those of doc, which is whole now.
func (w *walk) messages(doc []byte) (messages []Message, batch bool, err error) {
	if !w.end(doc) {
		return nil, false, ErrParse
	}
	if doc[skipSpace(doc, 0)] != '[' {
		m, err := w.found.message(doc)
		return []Message{m}, false, err
	}
	legal := true
	EachElement(doc, func(at Span) bool {
		if len(messages) == maxBatch {
			legal = false
			return false
		}
		m, e := ParseMessage(at.Of(doc))
		m.Part = true
		messages, legal = append(messages, m), legal && e == nil
		return true
	})
	if len(messages) == 0 || !legal {
		err = ErrInvalid
	}
	return messages, true, err
}

// ParseMessage classifies one message of a valid JSON text.
func ParseMessage(doc []byte) (Message, error) {
	var found members
	EachMember(doc, func(name []byte, v Span) bool {
		found.note(name, v)
		return true
	})
	return found.message(doc)
}

// members are where those of a message are that are looked at.
type members struct{ version, id, method, params, result, failure Span }

// note notes a member. Of equal names the last one counts.
func (f *members) note(name []byte, at Span) {
	switch string(name) {
	case "jsonrpc":
		f.version = at
	case "id":
		f.id = at
	case "method":
		f.method = at
	case "params":
		f.params = at
	case "result":
		f.result = at
	case "error":
		f.failure = at
	}
}

// message classifies doc.
func (f *members) message(doc []byte) (Message, error) {
	part := func(at Span) []byte {
		if at.End == 0 {
			return nil
		}
		return at.Of(doc)
	}
	m := Message{
		Doc: doc, ID: part(f.id), IDAt: f.id, Params: part(f.params),
		Result: part(f.result), ResultAt: f.result, Failure: part(f.failure),
	}
	m.Method, _ = DecodeString(part(f.method))
	version, _ := DecodeString(part(f.version))
	legal := true
	if m.ID != nil {
		m.Key, legal = IDKey(m.ID)
	}
	m.Kind = m.classify()
	if version != "2.0" || !legal || m.Kind == Invalid {
		m.Kind = Invalid
		return m, ErrInvalid
	}
	return m, nil
}

func (m *Message) classify() Kind {
	answer := m.Result != nil || m.Failure != nil
	switch {
	case m.Method != "" && answer:
		return Invalid
	case m.Method != "" && m.ID != nil:
		return Request
	case m.Method != "":
		return Notification
	case m.ID != nil && answer && (m.Result == nil || m.Failure == nil):
		return Response
	}
	return Invalid
}

// Flatten replaces the line ends of a valid JSON text by spaces, in place.
// Raw control bytes cannot be inside strings, so only white space between
// tokens changes (transport.md A22).
func Flatten(doc []byte) {
	for _, end := range []byte("\n\r") {
		for i := bytes.IndexByte(doc, end); i >= 0; {
			doc[i] = ' '
			next := bytes.IndexByte(doc[i+1:], end)
			if next < 0 {
				break
			}
			i += 1 + next
		}
	}
}

// mark is the byte order mark, which some programs write before a text.
var mark = []byte("\xef\xbb\xbf")

// Trim drops the white space around a JSON text, and a byte order mark before it.
// Encoders end theirs with a line end, and a client may take no white space but
// that after a message.
func Trim(doc []byte) []byte { return bytes.Trim(bytes.TrimPrefix(doc, mark), " \t\r\n") }

// NewResponse puts a raw member into a response with the given raw id.
func NewResponse(id []byte, member string, value []byte) []byte {
	out := make([]byte, 0, len(id)+len(value)+48)
	out = append(out, `{"jsonrpc":"2.0","id":`...)
	out = append(out, id...)
	out = append(out, `,"`...)
	out = append(out, member...)
	out = append(out, `":`...)
	out = append(out, value...)
	return append(out, '}')
}
