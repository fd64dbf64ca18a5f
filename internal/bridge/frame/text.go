// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"errors"
	"io"
	"slices"
)

// walkFrom is the size from which a text is looked at while it comes: when the last
// byte of a long one is there, nothing is left to do that takes long.
const walkFrom = 16 << 10

// Text is one that came in parts. Of what is too long only the outline is known.
type Text struct {
	Data    []byte   // belongs to the receiver
	TooLong *Scanner // Data is nil then
	seen    *walk    // nil while Data is short, or begins with no brace
}

// add appends a part; fits says whether the text may be as long. Once it may not, what
// was kept of it goes through the scanner and everything that follows only there.
func (t *Text) add(part []byte, fits bool) {
	if t.TooLong == nil && !fits {
		t.TooLong = new(Scanner)
		_, _ = t.TooLong.Write(t.Data)
		t.Data, t.seen = nil, nil
	}
	if t.TooLong != nil {
		_, _ = t.TooLong.Write(part)
		return
	}
	t.Data = appendDoubling(t.Data, part)
	t.look()
}

// look looks at what has come to the data.
func (t *Text) look() {
	if len(t.Data) < walkFrom || t.Data[0] != '{' {
		return
	}
	if t.seen == nil {
		t.seen = new(walk)
	}
	t.seen.more(t.Data)
}

// ReadText reads all of r, of which the size in bytes is known or -1. There is room for
// a line end, so that a long text of a known size is never copied.
func ReadText(r io.Reader, size int64) (t Text, err error) {
	room := size
	if size < 0 {
		room = 511
	}
	t.Data = make([]byte, 0, room+1)
	for n := 0; err == nil && int64(len(t.Data)) != size; t.look() {
		if len(t.Data)+1 == cap(t.Data) {
			t.Data = slices.Grow(t.Data, cap(t.Data))
		}
		n, err = r.Read(t.Data[len(t.Data) : cap(t.Data)-1])
		t.Data = t.Data[:len(t.Data)+n]
	}
	switch {
	case int64(len(t.Data)) == size || size < 0 && errors.Is(err, io.EOF):
		err = nil
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

// Parse is [Parse] of the data. White space may have been taken away from its end.
func (t *Text) Parse() (messages []Message, batch bool, err error) {
	if t.seen == nil {
		return Parse(t.Data)
	}
	return t.seen.messages(t.Data)
}

// Flatten is [Flatten] of the data, which has to be parsed, and without white space
// around it.
func (t *Text) Flatten() {
	if t.seen == nil || t.seen.lineEnds {
		Flatten(t.Data)
	}
}

// appendDoubling is append that doubles a large buffer, so that a message of
// megabytes is not copied over and over while it grows.
func appendDoubling(dst, part []byte) []byte {
	if need := len(dst) + len(part) + 1; need > cap(dst) && cap(dst) >= readBuffer {
		dst = slices.Grow(dst, max(cap(dst), need)-len(dst)+cap(dst))
	}
	return append(dst, part...)
}
