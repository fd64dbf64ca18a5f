// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

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

// encodeHeader returns the value of Mcp-Name or an Mcp-Param header for a
// text. An empty text is encoded too, because proxies drop empty headers.
func encodeHeader(text string) string {
	if isPlain(text) {
		return text
	}
	return base64Prefix + base64.StdEncoding.EncodeToString([]byte(text)) + base64Suffix
}

// isPlain says whether a header can carry the text as it is.
func isPlain(text string) bool {
	looksEncoded := strings.HasPrefix(text, base64Prefix) && strings.HasSuffix(text, base64Suffix)
	return isHeaderSafe(text) && !looksEncoded
}

// isHeaderSafe says whether the text is made of printable ASCII, with spaces
// only inside.
func isHeaderSafe(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7e {
			return false
		}
	}
	return text != "" && text[0] != ' ' && text[len(text)-1] != ' '
}
