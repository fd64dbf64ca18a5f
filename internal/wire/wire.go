// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wire reads and writes the wire format of protocol buffers, as far as the
// generated messages of this module use it: strings, bytes, booleans, 32-bit
// integers, enums, messages, lists of them and maps by strings. It accepts and
// refuses what google.golang.org/protobuf does, but keeps nothing of what it does
// not know, and takes strings that are not UTF-8: servers of Teleport send them
// (protocol.md 7).
package wire

// Message is a pointer to the struct of a generated message.
type Message interface {
	// AppendWire appends the message to b. A nil message has no fields. The same
	// values make the same bytes. What is not UTF-8 in a string is sent as U+FFFD.
	AppendWire(b []byte) []byte
	// DecodeWire adds what b holds to the message: a single field takes the place of
	// the one there was, lists become longer, messages are merged. After an error the
	// message may hold a part of it. No memory of b is kept.
	DecodeWire(b []byte) error
}

// pointer is that to the struct of a message.
type pointer[T any] interface {
	*T
	Message
}

// Clone returns a copy of a message that shares nothing with it.
func Clone[T any, M pointer[T]](m M) M {
	copied := M(new(T))
	if copied.DecodeWire(m.AppendWire(nil)) != nil {
		panic("wire: a message cannot read what it has written")
	}
	return copied
}
