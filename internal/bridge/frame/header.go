// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/base64"
	"strings"
)

// The form of a header value that HTTP cannot carry as it is
// (transport.md 1D.2).
const (
	base64Prefix = "=?base64?"
	base64Suffix = "?="
)

// EncodeHeader returns the value of Mcp-Name or an Mcp-Param header for a
// text. An empty text is encoded too, because proxies drop empty headers.
func EncodeHeader(text string) string {
	if isPlain(text) {
		return text
	}
	return base64Prefix + base64.StdEncoding.EncodeToString([]byte(text)) + base64Suffix
}

// isPlain says whether a header can carry the text as it is.
func isPlain(text string) bool {
	looksEncoded := strings.HasPrefix(text, base64Prefix) && strings.HasSuffix(text, base64Suffix)
	return IsHeaderSafe(text) && !looksEncoded
}

// IsHeaderSafe says whether the text is made of printable ASCII, with spaces
// only inside.
func IsHeaderSafe(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7e {
			return false
		}
	}
	return text != "" && text[0] != ' ' && text[len(text)-1] != ' '
}

// IsToken says whether s is an RFC 9110 token.
func IsToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}
