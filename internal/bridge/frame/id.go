// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/json"
	"strings"
)

// IDKey returns the comparable form of an id. Servers decode ids and write
// them anew, so strings compare by their text and numbers by their value; ok
// is false for anything but a string or a number.
func IDKey(raw []byte) (key string, ok bool) {
	if s, ok := DecodeString(raw); ok {
		return "s" + s, true
	}
	if !IsNumber(raw) {
		return "", false
	}
	return "n" + numberKey(string(raw)), true
}

// numberKey turns 1.0 and 1e0 into 1. Integers of any length stay what they
// are: beyond 2^53 a float would make two ids equal.
func numberKey(literal string) string {
	if plain, ok := Integer(literal); ok {
		return plain
	}
	return literal
}

// SameButForm says whether two keys of IDKey have the same text: some servers make
// a string of a number, or the other way round.
func SameButForm(a, b string) bool { return formless(a) == formless(b) }

// formless is the text of a key, or what the number in it is worth.
func formless(key string) string {
	text := strings.TrimSpace(key[min(1, len(key)):])
	if IsNumber([]byte(text)) && json.Valid([]byte(text)) {
		return numberKey(text)
	}
	return text
}

// IDExcerpt is the beginning of a raw id as it may be shown.
func IDExcerpt(raw []byte) string {
	const most = 64
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, string(raw[:min(len(raw), most)]))
}
