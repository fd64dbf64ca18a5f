// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "bytes"

// tooDeep returns where objects and arrays are nested more than maxDepth deep.
func tooDeep(text []byte) (int, bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return i, true
			}
		case '}', ']':
			depth--
		case '"':
			i = endOfString(text, i)
		case '/':
			i = endOfComment(text, i)
		}
	}
	return 0, false
}

// unclosedString returns where the string begins that goes on to the end of the
// file.
func unclosedString(text []byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := endOfString(text, i)
			if end >= len(text) {
				return i
			}
			i = end
		case '/':
			i = endOfComment(text, i)
		}
	}
	return len(text)
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
