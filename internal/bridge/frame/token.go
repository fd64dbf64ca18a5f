// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// ending is what endOfString has come to.
type ending uint8

const (
	quoted ending = iota // the quote
	cutOff               // the end of the text, or an escape of which some is missing
	bad                  // what no string may have
)

// endOfString goes on in a string at i, and returns where and why it stopped.
func endOfString(text []byte, i int) (int, ending) {
	for i < len(text) {
		switch c := text[i]; {
		case c == '"':
			return i, quoted
		case c < ' ':
			return i, bad
		case c == '\\':
			n, ok := escapeLength(text[i:])
			if !ok {
				return i, bad
			}
			if n > len(text)-i {
				return i, cutOff
			}
			if i += n; text[i-1] == '"' || text[i-1] == 'n' {
				i = overEscapes(text, i)
			}
		default:
			i = overPlain(text, i+1)
		}
	}
	return i, cutOff
}

// ones has the lowest bit of each byte of a word, highs the highest. Eight bytes of a
// text are looked at at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// overPlain goes on in a string up to what ends it, or an escape.
func overPlain(text []byte, i int) int {
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		quote, backslash := w^('"'*ones), w^('\\'*ones)
		// The high bit of a byte is set where it was zero, or less than a space; of
		// what else may be set by a borrow none is below the first that is right.
		if found := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-' '*ones)&^w) & highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	return i
}

// overEscapes goes on in a string for a stretch, also over those escapes that are the
// most frequent. Where the next word is does not depend on what is in this one, which
// in a log is twice as fast.
func overEscapes(text []byte, i int) int {
	const stretch = 32 // ordinary text is faster without it
	carry := uint64(0) // the high bit if the first byte is escaped
	for end := min(len(text), i+stretch); i+8 <= end; i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		quotes, backslashes := zeros(w^('"'*ones)), zeros(w^('\\'*ones))
		escaped := backslashes<<8 | carry
		other := zeros(w&(0xe0*ones)) | quotes&^escaped | backslashes&escaped | escaped&^(quotes|zeros(w^('n'*ones)))
		if other != 0 {
			first := other & -other
			if first&escaped != 0 {
				i-- // its backslash
			}
			return i + bits.TrailingZeros64(first)/8
		}
		carry = backslashes >> 56
	}
	return i - int(carry>>7)
}

// zeros has the highest bit of each byte of x that is zero.
func zeros(x uint64) uint64 {
	const low = 0x7f * ones
	return ^((x&low + low) | x | low)
}

// escapeLength is that of the escape that text begins with; ok is false if there is
// none such.
func escapeLength(text []byte) (n int, ok bool) {
	if len(text) < 2 {
		return 2, true
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, true
	case 'u':
		for _, c := range text[2:min(6, len(text))] {
			if !isHex(c) {
				return 0, false
			}
		}
		return 6, true
	}
	return 0, false
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// delimiters are the bytes that end a number, or a literal.
var delimiters = [256]bool{
	',': true, '}': true, ']': true, ':': true, '"': true, '{': true, '[': true, ' ': true, '\t': true, '\r': true, '\n': true,
}

// isScalar says whether a text without white space is a number, or a literal.
func isScalar(text []byte) bool {
	switch string(text) {
	case "true", "false", "null":
		return true
	}
	text = bytes.TrimPrefix(text, []byte("-"))
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return false
	}
	text = text[whole:]
	if len(text) > 0 && text[0] == '.' {
		n := digits(text[1:])
		if n == 0 {
			return false
		}
		text = text[1+n:]
	}
	if len(text) == 0 {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	if text = text[1:]; len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	return len(text) > 0 && digits(text) == len(text)
}

// digits is how many decimal digits text begins with.
func digits(text []byte) (n int) {
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}
