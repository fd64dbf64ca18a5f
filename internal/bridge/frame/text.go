// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import "slices"

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
	if len(t.Data) < walkFrom || t.Data[0] != '{' {
		return
	}
	if t.seen == nil {
		t.seen = new(walk)
	}
	t.seen.more(t.Data)
}

// Parse is [Parse] of the data. White space may have been taken away from its end.
func (t *Text) Parse() (messages []Message, batch bool, err error) {
	if t.seen == nil {
		return Parse(t.Data)
	}
	return t.seen.messages(t.Data)
}

// appendDoubling is append that doubles a large buffer, so that a message of
// megabytes is not copied over and over while it grows.
func appendDoubling(dst, part []byte) []byte {
	if need := len(dst) + len(part) + 1; need > cap(dst) && cap(dst) >= readBuffer {
		dst = slices.Grow(dst, max(cap(dst), need)-len(dst)+cap(dst))
	}
	return append(dst, part...)
}
