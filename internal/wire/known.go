// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "time"

// Empty is google.protobuf.Empty.
type Empty struct{}

// AppendWire appends nothing.
func (m *Empty) AppendWire(b []byte) []byte { return b }

// DecodeWire checks that b is a message.
func (m *Empty) DecodeWire(b []byte) error {
	r := NewReader(b)
	for r.Next() {
		r.Skip()
	}
	return r.Err()
}

// Timestamp is google.protobuf.Timestamp: a time as seconds since 1970, and
// nanoseconds forward from there.
type Timestamp struct {
	Seconds int64
	Nanos   int32
}

// NewTimestamp returns a time as it is on the wire.
func NewTimestamp(t time.Time) *Timestamp {
	return &Timestamp{Seconds: t.Unix(), Nanos: int32(t.Nanosecond())}
}

// AsTime returns the time in UTC; that of a nil timestamp is 1970.
func (m *Timestamp) AsTime() time.Time {
	if m == nil {
		m = &Timestamp{}
	}
	return time.Unix(m.Seconds, int64(m.Nanos)).UTC()
}

// GetSeconds returns the seconds since 1970.
func (m *Timestamp) GetSeconds() int64 {
	if m == nil {
		return 0
	}
	return m.Seconds
}

// AppendWire appends the time.
func (m *Timestamp) AppendWire(b []byte) []byte {
	if m == nil {
		return b
	}
	return AppendInt(appendVarint(b, 1, uint64(m.Seconds)), 2, m.Nanos)
}

// DecodeWire reads a time.
func (m *Timestamp) DecodeWire(b []byte) error {
	r := NewReader(b)
	for r.Next() {
		switch r.Tag {
		case 1<<3 | Varint:
			m.Seconds = int64(r.Varint())
		case 2<<3 | Varint:
			m.Nanos = int32(r.Varint())
		default:
			r.Skip()
		}
	}
	return r.Err()
}
