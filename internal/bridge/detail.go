// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"regexp"
	"strings"
	"unicode"
)

// maxDetail bounds the text of somebody else inside an error, in runes.
const maxDetail = 300

// escapeSequence is what a terminal would obey.
var escapeSequence = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\x1b[\\]PX^_]|\u009d|\u0090)[^\x07\x1b\u009c]*(?:\x07|\x1b\\\\|\u009c)?|\x1b.?")

// cleanDetail makes one short line of a text that may be anything.
func cleanDetail(text string) string {
	text = text[:min(len(text), 16*maxDetail)]
	text = escapeSequence.ReplaceAllString(strings.ToValidUTF8(text, ""), "")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs): // Cf: bidi marks and what nobody sees
			return -1
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxDetail {
		return strings.TrimSpace(string(runes[:maxDetail-1])) + "…"
	}
	return string(runes)
}
