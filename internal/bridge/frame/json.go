// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/json"
)

// The functions of this file walk a JSON text that [valid] has accepted.
// They look at structure only, copy nothing and never panic, so that a text
// that was not checked gives a useless result and no worse.

// Span is a half-open byte range of a document.
type Span struct{ Start, End int }

// Of is the range's part of doc. Appending to it copies it.
func (s Span) Of(doc []byte) []byte { return doc[s.Start:s.End:s.End] }

// From is the range in a text in which the document begins at start.
func (s Span) From(start int) Span { return Span{start + s.Start, start + s.End} }

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

// EachMember calls f with the decoded name and the value's range of every
// member of the object that doc is, in order, until f returns false. It
// returns at once if doc is no object.
func EachMember(doc []byte, f func(name []byte, value Span) bool) {
	EachEntry(doc, func(name []byte, _, value Span) bool { return f(name, value) })
}

// EachEntry is EachMember that also tells the range of the whole member, from
// its name to the end of its value.
func EachEntry(doc []byte, f func(name []byte, entry, value Span) bool) {
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
		if !f(name, Span{entry, end}, Span{start, end}) {
			return
		}
		if i = skipSpace(doc, end); i >= len(doc) || doc[i] != ',' {
			return
		}
	}
}

// EachElement calls f with the range of every element of the array that doc
// is, until f returns false.
func EachElement(doc []byte, f func(value Span) bool) {
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
		if !f(Span{i, end}) {
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
	s, _ := DecodeString(quoted)
	return []byte(s)
}

// DecodeString returns the text of a JSON string; ok is false for any other
// value.
func DecodeString(raw []byte) (s string, ok bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), true
	}
	err := json.Unmarshal(raw, &s)
	return s, err == nil
}

// Find returns where the value at the path of member names is in doc. Of
// equal names the last one counts, as in encoding/json and JavaScript.
func Find(doc []byte, path ...string) (at Span, ok bool) {
	at = Span{0, len(doc)}
	for _, want := range path {
		base := at
		ok = false
		EachMember(base.Of(doc), func(name []byte, v Span) bool {
			if string(name) == want {
				at, ok = Span{base.Start + v.Start, base.Start + v.End}, true
			}
			return true
		})
		if !ok {
			return Span{}, false
		}
	}
	return at, true
}

// Lookup returns the raw value at the path of member names, nil without one.
func Lookup(doc []byte, path ...string) []byte {
	at, ok := Find(doc, path...)
	if !ok {
		return nil
	}
	return at.Of(doc)
}

// LookupString returns the text at the path of member names; ok is false if
// there is none or it is no string.
func LookupString(doc []byte, path ...string) (string, bool) {
	return DecodeString(Lookup(doc, path...))
}
