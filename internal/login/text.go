// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/plain"
)

const maxText = 2000 // characters of a server's text that are kept

// urlQuery is the query or fragment of a URL within a text: a server that
// quotes a failed request of its own would quote codes and tokens with it.
var urlQuery = pattern.New(`(?i)(https?://[^\s"'<>?#]*)[?#][^\s"'<>]*`)

// clean makes a server's text fit for a terminal, a log and a page: short words
// on one line, without queries of URLs.
func clean(text string) string {
	return plain.Cut(urlQuery.ReplaceAllString(plain.Words(text), "$1"), maxText)
}
