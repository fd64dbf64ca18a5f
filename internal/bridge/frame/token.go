// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Each byte of a word, for looking at eight bytes of a text at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
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
		if i+8 <= len(text) {
			w := binary.LittleEndian.Uint64(text[i:])
			quote, backslash := w^('"'*ones), w^('\\'*ones)
			// The high bit of a byte is set where it was zero, or less than a space; of
			// what else may be set by a borrow none is below the first that is right.
			found := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-' '*ones)&^w) & highs
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		}
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
			i += n
		default:
			i++
		}
	}
	return i, cutOff
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
