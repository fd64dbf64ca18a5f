// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"encoding/json"
	"slices"
)

// The functions of this file walk a JSON text that json.Valid has accepted.
// They look at structure only, copy nothing and never panic, so that a text
// that was not checked gives a useless result and no worse.

// span is a half-open byte range of a document.
type span struct{ start, end int }

func (s span) of(doc []byte) []byte { return doc[s.start:s.end:s.end] }

// from is the range in a text in which the document begins at start.
func (s span) from(start int) span { return span{start + s.start, start + s.end} }

// skipSpace returns the index of the first byte at or after i that is not
// JSON white space.
func skipSpace(doc []byte, i int) int {
	for i < len(doc) {
		switch doc[i] {
		case ' ', '\t', '\r', '\n':
			i++
		default:
			return i
		}
	}
	return i
}

// skipString returns the index behind the string whose opening quote is at i.
func skipString(doc []byte, i int) int {
	for i++; i < len(doc); {
		n := bytes.IndexByte(doc[i:], '"')
		if n < 0 {
			return len(doc)
		}
		if i += n; !escapedAt(doc, i) {
			return i + 1
		}
		i++
	}
	return len(doc)
}

// escapedAt says whether an odd number of backslashes precedes i.
func escapedAt(doc []byte, i int) bool {
	n := 0
	for i--; i >= 0 && doc[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// skipValue returns the index behind the value that starts at i.
func skipValue(doc []byte, i int) int {
	if i >= len(doc) {
		return len(doc)
	}
	switch doc[i] {
	case '"':
		return skipString(doc, i)
	case '{', '[':
		return skipContainer(doc, i)
	}
	for ; i < len(doc); i++ {
		switch doc[i] {
		case ',', '}', ']', ' ', '\t', '\r', '\n':
			return i
		}
	}
	return i
}

func skipContainer(doc []byte, i int) int {
	for depth := 0; i < len(doc); {
		switch doc[i] {
		case '"':
			i = skipString(doc, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return i
}

// eachMember calls f with the decoded name and the value's range of every
// member of the object that doc is, in order, until f returns false. It
// returns at once if doc is no object.
func eachMember(doc []byte, f func(name []byte, value span) bool) {
	eachEntry(doc, func(name []byte, _, value span) bool { return f(name, value) })
}

// eachEntry is eachMember that also tells the range of the whole member, from
// its name to the end of its value.
func eachEntry(doc []byte, f func(name []byte, entry, value span) bool) {
	i := skipSpace(doc, 0)
	if i >= len(doc) || doc[i] != '{' {
		return
	}
	for i++; ; i++ { // behind '{' or ','
		i = skipSpace(doc, i)
		if i >= len(doc) || doc[i] != '"' {
			return
		}
		entry := i
		end := skipString(doc, i)
		name := decodeName(doc[i:end])
		i = skipSpace(doc, end)
		if i >= len(doc) || doc[i] != ':' {
			return
		}
		start := skipSpace(doc, i+1)
		end = skipValue(doc, start)
		if !f(name, span{entry, end}, span{start, end}) {
			return
		}
		if i = skipSpace(doc, end); i >= len(doc) || doc[i] != ',' {
			return
		}
	}
}

// eachElement calls f with the range of every element of the array that doc
// is, until f returns false.
func eachElement(doc []byte, f func(value span) bool) {
	i := skipSpace(doc, 0)
	if i >= len(doc) || doc[i] != '[' {
		return
	}
	for i++; ; i++ { // behind '[' or ','
		i = skipSpace(doc, i)
		if i >= len(doc) || doc[i] == ']' {
			return
		}
		end := skipValue(doc, i)
		if !f(span{i, end}) {
			return
		}
		if i = skipSpace(doc, end); i >= len(doc) || doc[i] != ',' {
			return
		}
	}
}

// decodeName returns the name inside a quoted string; without an escape that
// is the document's own bytes.
func decodeName(quoted []byte) []byte {
	if len(quoted) < 2 {
		return nil
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	s, _ := decodeString(quoted)
	return []byte(s)
}

// decodeString returns the text of a JSON string; ok is false for any other
// value.
func decodeString(raw []byte) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// find returns where the value at the path of member names is in doc. Of
// equal names the last one counts, as in encoding/json and JavaScript.
func find(doc []byte, path ...string) (at span, ok bool) {
	at = span{0, len(doc)}
	for _, want := range path {
		base := at
		ok = false
		eachMember(base.of(doc), func(name []byte, v span) bool {
			if string(name) == want {
				at, ok = span{base.start + v.start, base.start + v.end}, true
			}
			return true
		})
		if !ok {
			return span{}, false
		}
	}
	return at, true
}

// lookup returns the raw value at the path of member names, nil without one.
func lookup(doc []byte, path ...string) []byte {
	at, ok := find(doc, path...)
	if !ok {
		return nil
	}
	return at.of(doc)
}

// lookupString returns the text at the path of member names; ok is false if
// there is none or it is no string.
func lookupString(doc []byte, path ...string) (string, bool) {
	return decodeString(lookup(doc, path...))
}

// edit replaces a range of a document.
type edit struct {
	at   span
	with []byte
}

// spliceAll returns doc with all edits made, which may stand in any order but
// not overlap; without any it is doc itself.
func spliceAll(doc []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return doc
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.at.start - b.at.start })
	size := len(doc) + 1
	for _, e := range edits {
		size += len(e.with) - (e.at.end - e.at.start)
	}
	out := make([]byte, 0, size)
	from := 0
	for _, e := range edits {
		out = append(append(out, doc[from:e.at.start]...), e.with...)
		from = e.at.end
	}
	return append(out, doc[from:]...)
}

// splice returns doc with the bytes of at replaced; doc itself is untouched.
func splice(doc []byte, at span, with []byte) []byte { return spliceAll(doc, []edit{{at, with}}) }
