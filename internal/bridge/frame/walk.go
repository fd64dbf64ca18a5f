// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import "unicode/utf8"

// maxNesting is how deep brackets may be nested, as in encoding/json.
const maxNesting = 10000

// walk is the one look at a text that finds out whether it is JSON in UTF-8, and where
// the members of a message are. The text may grow meanwhile: each part is looked at
// once.
type walk struct {
	at      int // what is before it was looked at
	decoded int // what is before it is UTF-8
	next    expected
	open    []byte // brackets
	token   token  // in which at is
	start   int    // of that
	name    Span   // of the last member of the outermost object
	value   int    // where that of this member begins
	found   members

	lineEnds bool // there are some in it, outside of strings, where they may be
}

// expected is what may come next.
type expected uint8

const (
	aValue expected = iota
	aValueOrEnd
	aName
	aNameOrEnd
	aColon
	aCommaOrEnd
	nothing // the text is not valid
)

// token is what is in the middle of being read.
type token uint8

const (
	noToken token = iota
	aString
	aScalar // number, true, false, null
)

// more looks at what has come to doc, which begins with what it was.
func (w *walk) more(doc []byte) {
	end := len(doc) // without the last rune, which may be cut off
	for end > w.decoded && end > len(doc)-utf8.UTFMax && !utf8.RuneStart(doc[end-1]) {
		end--
	}
	if end > w.decoded && doc[end-1] >= utf8.RuneSelf {
		end--
	}
	w.decode(doc, end)
	for w.next != nothing && w.at < len(doc) {
		switch w.token {
		case aString:
			if !w.inString(doc) {
				return
			}
		case aScalar:
			w.inScalar(doc)
		default:
			w.between(doc)
		}
	}
}

// decode goes on to end with the look at runes.
func (w *walk) decode(doc []byte, end int) {
	if end <= w.decoded {
		return
	}
	if !utf8.Valid(doc[w.decoded:end]) {
		w.next = nothing
	}
	w.decoded = end
}

// end says whether doc, which is whole now, is valid.
func (w *walk) end(doc []byte) bool {
	w.more(doc)
	w.decode(doc, len(doc))
	if w.token == aScalar && w.next != nothing {
		w.endScalar(doc)
	}
	return w.next == aCommaOrEnd && w.token == noToken && len(w.open) == 0
}

// inString goes on in a string; false says that it needs more of the text for that.
func (w *walk) inString(doc []byte) bool {
	var why ending
	switch w.at, why = endOfString(doc, w.at); why {
	case cutOff:
		return false
	case bad:
		w.next = nothing
		return true
	}
	w.at++
	w.token = noToken
	if w.wantsValue() {
		w.endValue(doc, w.at)
		return true
	}
	w.next = aColon
	if len(w.open) == 1 {
		w.name = Span{w.start, w.at}
	}
	return true
}

func (w *walk) inScalar(doc []byte) {
	i := w.at
	for i < len(doc) && !delimiters[doc[i]] {
		i++
	}
	if w.at = i; i < len(doc) {
		w.endScalar(doc)
	}
}

func (w *walk) endScalar(doc []byte) {
	if w.token = noToken; !isScalar(doc[w.start:w.at]) {
		w.next = nothing
		return
	}
	w.endValue(doc, w.at)
}

// between goes on between tokens, up to the next one.
func (w *walk) between(doc []byte) {
	for ; w.at < len(doc); w.at++ {
		switch c := doc[w.at]; c {
		case ' ', '\t':
			continue
		case '\r', '\n':
			w.lineEnds = w.lineEnds || len(w.open) > 0
			continue
		case ',':
			w.comma()
		case ':':
			w.expect(aColon, aColon, aValue)
		case '{', '[':
			w.bracket(c)
		case '}':
			w.close('{', aNameOrEnd, doc)
		case ']':
			w.close('[', aValueOrEnd, doc)
		default:
			w.begin(c)
		}
		if w.token != noToken || w.next == nothing {
			return
		}
	}
}

// expect goes on to what comes behind these two.
func (w *walk) expect(one, other, then expected) {
	if w.next == one || w.next == other {
		w.next = then
	} else {
		w.next = nothing
	}
}

func (w *walk) comma() {
	switch {
	case len(w.open) == 0:
		w.next = nothing
	case w.open[len(w.open)-1] == '{':
		w.expect(aCommaOrEnd, aCommaOrEnd, aName)
	default:
		w.expect(aCommaOrEnd, aCommaOrEnd, aValue)
	}
}

// begin begins a string or a scalar with c.
func (w *walk) begin(c byte) {
	w.start = w.at
	switch {
	case w.wantsValue():
		w.beginValue()
	case c != '"' || w.next != aName && w.next != aNameOrEnd:
		w.next = nothing
		return
	}
	if w.token = aScalar; c == '"' {
		w.token = aString
		w.at++
	}
}

func (w *walk) wantsValue() bool { return w.next == aValue || w.next == aValueOrEnd }

// bracket opens an object or an array.
func (w *walk) bracket(c byte) {
	if !w.wantsValue() || len(w.open) == maxNesting {
		w.next = nothing
		return
	}
	w.beginValue()
	w.open = append(w.open, c)
	if w.next = aValueOrEnd; c == '{' {
		w.next = aNameOrEnd
	}
}

// close closes what was opened with c, and may be empty.
func (w *walk) close(c byte, empty expected, doc []byte) {
	last := len(w.open) - 1
	if last < 0 || w.open[last] != c || w.next != empty && w.next != aCommaOrEnd {
		w.next = nothing
		return
	}
	w.open = w.open[:last]
	w.endValue(doc, w.at+1)
}

func (w *walk) beginValue() {
	if len(w.open) == 1 {
		w.value = w.at
	}
}

// endValue notes the value of a member of the outermost object.
func (w *walk) endValue(doc []byte, end int) {
	if w.next = aCommaOrEnd; len(w.open) == 1 && w.open[0] == '{' {
		w.found.note(decodeName(w.name.Of(doc)), Span{w.value, end})
	}
}
