// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// kind is what a JSON-RPC message is.
type kind uint8

const (
	kindInvalid kind = iota
	kindRequest
	kindNotification
	kindResponse
)

// message is what the bridge knows about one JSON-RPC message. All byte slices
// are parts of the frame; nothing is decoded that is only passed on.
type message struct {
	kind    kind
	doc     []byte // the whole message
	id      []byte // as written; nil without one
	idAt    span   // of id in doc
	key     string // equal for ids that mean the same, so 1 is not "1" but "a/b" is "a\/b"
	method  string
	params  []byte
	result  []byte
	failure []byte // the error member
}

// Reasons why a frame is no message. The first maps to -32700, the other to
// -32600 (transport.md F-14).
var (
	errParse   = errors.New("not valid JSON in UTF-8")
	errInvalid = errors.New("not a JSON-RPC 2.0 message")
)

// parseFrame reads a whole frame: one message, or the messages of a batch
// (transport.md F-23). With errInvalid the messages hold what could be
// found, so that their ids can be answered.
func parseFrame(doc []byte) (messages []message, batch bool, err error) {
	if !utf8.Valid(doc) || !json.Valid(doc) {
		return nil, false, errParse
	}
	if doc[skipSpace(doc, 0)] != '[' {
		m, err := parseMessage(doc)
		return []message{m}, false, err
	}
	eachElement(doc, func(at span) bool {
		m, e := parseMessage(at.of(doc))
		messages, err = append(messages, m), errors.Join(err, e)
		return true
	})
	if len(messages) == 0 || err != nil {
		err = errInvalid
	}
	return messages, true, err
}

// parseMessage classifies one message of a valid JSON text.
func parseMessage(doc []byte) (message, error) {
	m := message{doc: doc}
	var version string
	eachMember(doc, func(name []byte, v span) bool {
		switch string(name) {
		case "jsonrpc":
			version, _ = decodeString(v.of(doc))
		case "id":
			m.id, m.idAt = v.of(doc), v
		case "method":
			m.method, _ = decodeString(v.of(doc))
		case "params":
			m.params = v.of(doc)
		case "result":
			m.result = v.of(doc)
		case "error":
			m.failure = v.of(doc)
		}
		return true
	})
	legal := true
	if m.id != nil {
		m.key, legal = idKey(m.id)
	}
	m.kind = m.classify()
	if version != "2.0" || !legal || m.kind == kindInvalid {
		m.kind = kindInvalid
		return m, errInvalid
	}
	return m, nil
}

func (m *message) classify() kind {
	answer := m.result != nil || m.failure != nil
	switch {
	case m.method != "" && answer:
		return kindInvalid
	case m.method != "" && m.id != nil:
		return kindRequest
	case m.method != "":
		return kindNotification
	case m.id != nil && answer && (m.result == nil || m.failure == nil):
		return kindResponse
	}
	return kindInvalid
}

// idKey returns the comparable form of an id. Servers decode ids and write
// them anew, so strings compare by their text and numbers by their value; ok
// is false for anything but a string or a number.
func idKey(raw []byte) (key string, ok bool) {
	if s, ok := decodeString(raw); ok {
		return "s" + s, true
	}
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return "", false
	}
	return "n" + numberKey(string(raw)), true
}

// numberKey turns 1.0 and 1e0 into 1. Integers of any length stay what they
// are: beyond 2^53 a float would make two ids equal.
func numberKey(literal string) string {
	if plain, ok := integerLiteral(literal); ok {
		return plain
	}
	return literal
}

// flatten replaces the line ends of a valid JSON text by spaces, in place.
// Raw control bytes cannot be inside strings, so only white space between
// tokens changes (transport.md A22).
func flatten(doc []byte) {
	for i, c := range doc {
		if c == '\n' || c == '\r' {
			doc[i] = ' '
		}
	}
}

// trim drops the white space around a JSON text. Encoders end theirs with a
// line end, and a client may take no white space but that after a message.
func trim(doc []byte) []byte { return bytes.Trim(doc, " \t\r\n") }
