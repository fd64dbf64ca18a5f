// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import "slices"

// Edit replaces a range of a document.
type Edit struct {
	At   Span
	With []byte // what comes in its place
}

// SpliceAll returns doc with all edits made, which may stand in any order but
// not overlap; without any it is doc itself.
func SpliceAll(doc []byte, edits []Edit) []byte {
	if len(edits) == 0 {
		return doc
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return a.At.Start - b.At.Start })
	size := len(doc) + 1
	for _, e := range edits {
		size += len(e.With) - (e.At.End - e.At.Start)
	}
	out := make([]byte, 0, size)
	from := 0
	for _, e := range edits {
		out = append(append(out, doc[from:e.At.Start]...), e.With...)
		from = e.At.End
	}
	return append(out, doc[from:]...)
}

// Splice returns doc with the bytes of at replaced; doc itself is untouched.
func Splice(doc []byte, at Span, with []byte) []byte { return SpliceAll(doc, []Edit{{at, with}}) }

// Overwrite is [Splice] for bytes that are not longer than those of at. It moves what
// stands before them and copies nothing else; doc is used up.
func Overwrite(doc []byte, at Span, with []byte) []byte {
	shorter := at.End - at.Start - len(with)
	copy(doc[shorter:], doc[:at.Start])
	copy(doc[shorter+at.Start:], with)
	return doc[shorter:]
}

// CutElements removes elements of an array, or members of an object, together
// with one comma each. at are the ranges of all of them.
func CutElements(doc []byte, at []Span, drop []int) []byte {
	if len(drop) == 0 {
		return doc
	}
	slices.Sort(drop)
	kept := len(at) - 1 // the last one that stays
	for i := len(drop) - 1; i >= 0 && drop[i] == kept; i-- {
		kept--
	}
	out := make([]byte, 0, len(doc)+1)
	from := 0
	for _, i := range drop {
		if i < kept { // up to the next element
			out = append(out, doc[from:at[i].Start]...)
			from = at[i+1].Start
		}
	}
	if end := len(at) - 1; kept < end { // from the comma behind the last one that stays
		start := at[0].Start
		if kept >= 0 {
			start = at[kept].End
		}
		out = append(out, doc[from:start]...)
		from = at[end].End
	}
	return append(out, doc[from:]...)
}
