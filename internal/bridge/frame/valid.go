// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
)

// fastFrom is the size from which a second pass pays, and mostOutside which part of a
// text may be outside of its strings for that.
const (
	fastFrom    = 4 << 10
	mostOutside = 8
)

// valid is [json.Valid], for text that is mostly in long strings: those are looked
// at in a loop of their own, and the rest, with "" for each, is left to json. Other
// text is left to json as it is, which needs no copy of it.
func valid(text []byte) bool {
	if len(text) < fastFrom {
		return json.Valid(text)
	}
	outside := make([]byte, 0, len(text)/mostOutside+2) // never more
	for i := 0; i < len(text); i++ {
		if outside = append(outside, text[i]); len(outside) > len(text)/mostOutside {
			return json.Valid(text)
		}
		if text[i] != '"' {
			continue
		}
		if i = endOfString(text, i+1); i < 0 {
			return false
		}
		outside = append(outside, '"')
	}
	return json.Valid(outside)
}

// Each byte of a word, for looking at eight bytes of a text at a time.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// endOfString is where the quote is that ends a string which goes on at i, -1 if it
// does not end or has what no string may have.
func endOfString(text []byte, i int) int {
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
			return i
		case c < ' ':
			return -1
		case c == '\\':
			n := escapeLength(text[i+1:])
			if n == 0 {
				return -1
			}
			i += n
		}
		i++
	}
	return -1
}

// escapeLength is that of what may follow a backslash, 0 if it may not.
func escapeLength(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	switch text[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		if len(text) >= 5 && isHex(text[1]) && isHex(text[2]) && isHex(text[3]) && isHex(text[4]) {
			return 5
		}
	}
	return 0
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
