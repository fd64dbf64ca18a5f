// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"iter"
)

// jsonMember is a member of an object, or an item of a list, in a text that is
// right.
type jsonMember struct {
	before int  // where the extra before it begins
	name   span // with its quotes; of an item: nothing
	gap    int  // where the extra between colon and value begins; of an item: before
	value  span
	after  int  // where the extra behind the value ends
	comma  bool // with a comma
}

// inside are the members of an object, or the items of a list, in the order of the
// text.
func (d *jsonDoc) inside(v span) iter.Seq[jsonMember] {
	return func(yield func(jsonMember) bool) {
		at, object := v.start+1, d.data[v.start] == '{'
		for {
			m := jsonMember{before: at, gap: at}
			if at = d.skipExtra(at); at == v.end-1 {
				return
			}
			if object {
				m.name = span{at, endOfString(d.data, at) + 1}
				m.gap = d.skipExtra(m.name.end) + len(":")
				at = d.skipExtra(m.gap)
			}
			m.value = span{at, d.skipValue(at)}
			m.after = d.skipExtra(m.value.end)
			m.comma = d.data[m.after] == ','
			if !yield(m) || !m.comma {
				return
			}
			at = m.after + 1
		}
	}
}

// name is that of a member.
func (d *jsonDoc) name(m jsonMember) string { return unquote(d.data[m.name.start:m.name.end]) }

// first returns the first member of an object, and whether it has any.
func (d *jsonDoc) first(v span) (first jsonMember, any bool) {
	if d.data[v.start] == '{' {
		for m := range d.inside(v) {
			return m, true
		}
	}
	return jsonMember{}, false
}

// last returns the last one.
func (d *jsonDoc) last(v span) (last jsonMember, any bool) {
	for last = range d.inside(v) {
		any = true
	}
	return last, any
}

// above is the extra before a member.
func (d *jsonDoc) above(m jsonMember) []byte { return d.data[m.before:m.name.start] }

// tail is the extra in front of the brace that ends an object with this last member.
func (d *jsonDoc) tail(v span, last jsonMember) []byte {
	if last.comma {
		return d.data[last.after+1 : v.end-1]
	}
	return d.data[last.value.end : v.end-1]
}

// skipExtra goes behind white space and comments.
func (d *jsonDoc) skipExtra(at int) int {
	for at < len(d.data) {
		switch d.data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '/':
			at = endOfComment(d.data, at) + 1
		default:
			return at
		}
	}
	return len(d.data)
}

// skipValue goes behind a value.
func (d *jsonDoc) skipValue(at int) int {
	depth := 0
	for ; at < len(d.data); at++ {
		switch d.data[at] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			at = endOfString(d.data, at)
		case '/':
			at = endOfComment(d.data, at)
			continue
		case ' ', '\t', '\r', '\n', ',', ':':
			continue
		default:
			at = endOfWord(d.data, at) - 1
		}
		if depth == 0 {
			return at + 1
		}
	}
	return at
}

// endOfWord goes behind a number, true, false or null.
func endOfWord(text []byte, at int) int {
	for at < len(text) && isWordByte(text[at]) {
		at++
	}
	return at
}

func isWordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '+' || c == '.'
}

// endOfString returns the offset of the quote that ends the string at i.
func endOfString(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// endOfComment returns the offset of the last byte of the comment at i; i if
// there is none.
func endOfComment(text []byte, i int) int {
	switch {
	case bytes.HasPrefix(text[i:], []byte("//")):
		return i + len(line(text[i:]))
	case bytes.HasPrefix(text[i:], []byte("/*")):
		if n := bytes.Index(text[i+2:], []byte("*/")); n >= 0 {
			return i + 2 + n + 1
		}
		return len(text)
	}
	return i
}
