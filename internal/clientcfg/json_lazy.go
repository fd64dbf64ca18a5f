// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"encoding/json"
	"sort"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// A parsed value takes some thirty times the memory of its text, and most of a
// large file is of no interest: the state of a client, or servers of others. So
// objects and lists below the one that is looked at are folded: an empty one
// stands in their place, and they are parsed when somebody looks into them. This
// needs a text that is known to be right, also where nobody looks, which is
// checked for plain JSON only.

// foldAbove is the length, in bytes, above which an object or a list is folded;
// tests change it.
var foldAbove = 64

// isPlain reports whether text is JSON without comments and trailing commas.
func isPlain(text []byte) bool { return json.Valid(text) && utf8.Valid(text) }

// gap is what was left out of a folded text.
type gap struct {
	at    int // offset in the folded text behind which it begins
	total int // bytes that it and the gaps before it have
}

// parseFolded parses the value in text[start:end], valid JSON, with what is one
// level below it folded. Offsets are those of text.
func parseFolded(text []byte, start, end int) (hujson.Value, error) {
	var short []byte
	var gaps []gap
	total, done := 0, start
	for _, s := range foldable(text[start:end]) {
		s.start, s.end = s.start+start, s.end+start
		short = append(short, text[done:s.start+1]...)
		total += s.end - s.start - 2
		gaps = append(gaps, gap{len(short) - 1, total})
		done = s.end - 1
	}
	short = append(append(short, text[done:end]...), '\n') // see parseJSON
	root, err := hujson.Parse(short)
	if err != nil {
		return hujson.Value{}, err
	}
	moved := func(offset int) int {
		if i := sort.Search(len(gaps), func(i int) bool { return gaps[i].at >= offset }); i > 0 {
			offset += gaps[i-1].total
		}
		return start + offset
	}
	for v := range root.All() {
		v.StartOffset, v.EndOffset = moved(v.StartOffset), moved(v.EndOffset)
	}
	return root, nil
}

// foldable are the objects and lists one level below the value in text that are
// long enough.
func foldable(text []byte) []span {
	var all []span
	depth, start := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if depth++; depth == 2 {
				start = i
			}
		case '}', ']':
			if depth--; depth == 1 && i+1-start > foldAbove {
				all = append(all, span{start, i + 1})
			}
		case '"':
			i = endOfString(text, i)
		}
	}
	return all
}

// unfolded is v with its members or elements. v itself stays as it is, so that
// looking into one value after the other takes the memory of one.
func (d *jsonDoc) unfolded(v *hujson.Value) hujson.Value {
	var inside int
	switch v := v.Value.(type) {
	case *hujson.Object:
		inside = len(v.AfterExtra)
		if len(v.Members) > 0 {
			return hujson.Value{Value: v}
		}
	case *hujson.Array:
		inside = len(v.AfterExtra)
		if len(v.Elements) > 0 {
			return hujson.Value{Value: v}
		}
	default:
		return hujson.Value{Value: v}
	}
	if v.EndOffset-v.StartOffset == inside+2 { // it is empty
		return *v
	}
	full, err := parseFolded(d.data, v.StartOffset, v.EndOffset)
	if err != nil {
		return *v // not possible: the text is valid
	}
	return full
}

// unfold makes v one with its members or elements.
func (d *jsonDoc) unfold(v *hujson.Value) { v.Value = d.unfolded(v).Value }
