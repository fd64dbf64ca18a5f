// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"regexp"
	"strings"
	"unicode"
)

const maxText = 2000 // characters of a server's text that are kept

// urlQuery is the query or fragment of a URL within a text: a server that
// quotes a failed request of its own would quote codes and tokens with it.
var urlQuery = regexp.MustCompile(`(?i)(https?://[^\s"'<>?#]*)[?#][^\s"'<>]*`)

// clean makes a server's text fit for a terminal, a log and a page: one line
// without control characters, invisible formatting (such as the marks that turn
// the writing direction) and queries of URLs.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	text = urlQuery.ReplaceAllString(text, "$1")
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText]) + "..."
	}
	return text
}
