// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// What looks like a secret in a text of somebody else: a server gets tokens that
// this side never sees, such as the one that Teleport adds, and some repeat them
// in their errors.
var (
	jsonToken  = pattern.New(`\beyJ[\w-]{8,}(?:\.[\w-]*)*`) // JWT, also one that is cut
	authScheme = pattern.New(`(?i)\b(bearer|basic|digest|negotiate)([ :=]+)([\w.~+/=-]{8,})`)
	namedValue = pattern.New(`(?i)((?:token|secret|passw(?:or)?d|api[_-]?key|cookie)["']?\s*[:=]\s*["']?)([^\s"',;&]{8,})`)
	address    = pattern.New(`(?i)\b([a-z][a-z0-9+.-]*://)(?:[^\s/?#"'<>@]*@)?([^\s?#"'<>]*)([?#][^\s"'<>]*)?`)
)

// maskSecrets puts *** in the place of tokens, of passwords, and of the query of
// a URL.
func maskSecrets(text string) string {
	text = jsonToken.ReplaceAllString(text, "***")
	text = maskValue(authScheme, text)
	text = address.Regexp().ReplaceAllStringFunc(text, func(found string) string {
		m := address.FindStringSubmatch(found)
		if m[3] != "" {
			return m[1] + m[2] + m[3][:1] + "***"
		}
		return m[1] + m[2]
	})
	return maskValue(namedValue, text)
}

// maskValue masks the last group of each match. A value without a digit is a
// word of the sentence.
func maskValue(values *pattern.Pattern, text string) string {
	return values.Regexp().ReplaceAllStringFunc(text, func(found string) string {
		m := values.FindStringSubmatch(found)
		value := m[len(m)-1]
		if !strings.ContainsAny(value, "0123456789") {
			return found
		}
		return strings.TrimSuffix(found, value) + "***"
	})
}
