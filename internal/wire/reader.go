// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
)

// The types of fields on the wire, the lower three bits of a tag.
const (
	Varint     = 0
	fixed64    = 1
	Bytes      = 2
	startGroup = 3
	endGroup   = 4
	fixed32    = 5
)

const (
	maxNumber = 1<<29 - 1 // of a field
	maxDepth  = 10_000    // of groups, which nobody sends; google.golang.org/protobuf has the same
)

var errMalformed = errors.New("the message is cut off or malformed")

// Reader reads the fields of one message. After the first error it finds nothing
// more, and what it returns is empty.
type Reader struct {
	// Tag is the field that Next has found: number<<3 | type. One of a known number
	// and another type than expected is skipped like an unknown one.
	Tag  uint32
	rest []byte
	err  error
}

// NewReader returns a reader of a message.
func NewReader(message []byte) Reader { return Reader{rest: message} }

// Err returns what is wrong with the message.
func (r *Reader) Err() error { return r.err }

// Next goes on to the next field, whose value must be read or skipped then. It
// returns false at the end of the message and after an error.
func (r *Reader) Next() bool {
	if r.err != nil || len(r.rest) == 0 {
		return false
	}
	tag := r.tag(maxNumber)
	r.Tag = uint32(tag)
	return r.err == nil
}

// tag reads a tag with a number of at most limit.
func (r *Reader) tag(limit uint64) uint64 {
	tag := r.Varint()
	if number := tag >> 3; number < 1 || number > limit {
		r.fail(errMalformed)
	}
	return tag
}

// Varint reads a number.
func (r *Reader) Varint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.fail(errMalformed)
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// String reads a string. What is not UTF-8 in it is U+FFFD: a label that a command
// has written on some machine is not to hide all that a list has beside it.
func (r *Reader) String() string { return strings.ToValidUTF8(string(r.bytes()), "\uFFFD") }

// Bytes reads a copy of bytes; nil if there are none.
//
//go:noinline
func (r *Reader) Bytes() []byte { return append([]byte(nil), r.bytes()...) }

// bytes reads bytes of the message itself.
func (r *Reader) bytes() []byte { return r.take(r.Varint()) }

func (r *Reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail(errMalformed)
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.rest = nil
}

// Message reads a message into m.
func (r *Reader) Message(m Message) {
	b := r.bytes()
	if r.err != nil {
		return
	}
	if err := m.DecodeWire(b); err != nil {
		r.fail(err)
	}
}

// Skip passes over the value of a field that is not known.
func (r *Reader) Skip() { r.skip(uint64(r.Tag), maxDepth) }

func (r *Reader) skip(tag uint64, depth int) {
	switch tag & 7 {
	case Varint:
		r.Varint()
	case fixed64:
		r.take(8)
	case Bytes:
		r.bytes()
	case fixed32:
		r.take(4)
	case startGroup:
		r.skipGroup(tag>>3, depth)
	default:
		r.fail(errMalformed)
	}
}

// skipGroup goes on behind the end of the group of that number.
func (r *Reader) skipGroup(number uint64, depth int) {
	if depth < 0 {
		r.fail(errMalformed)
	}
	for r.err == nil {
		tag := r.tag(math.MaxInt32)
		if tag&7 != endGroup {
			r.skip(tag, depth-1)
			continue
		}
		if tag>>3 != number {
			r.fail(errMalformed)
		}
		return
	}
}
