// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// quoted writes a text in double quotes as TOML and YAML both read it. Besides
// what always has to be, the characters for which escaped is true are escaped, and
// what nobody would see in the file.
func quoted(s string, escaped func(r rune) bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r > 0xffff && (plain.Hidden(r) || escaped(r)):
			fmt.Fprintf(&b, `\U%08X`, r)
		case plain.Hidden(r) || escaped(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
