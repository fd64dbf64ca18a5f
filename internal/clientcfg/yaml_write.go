// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// yamlMember writes a member of an object in block style: lines without their
// breaks, indented to a column.
func yamlMember(f field, col, unit int) []string {
	head := strings.Repeat(" ", col) + yamlScalar(f.name) + ":"
	switch v := f.value.(type) {
	case []string:
		if len(v) > 0 {
			return append([]string{head}, yamlItems(v, col+2)...)
		}
	case []field:
		lines := []string{head}
		for _, inner := range v {
			lines = append(lines, yamlMember(inner, col+unit, unit)...)
		}
		if len(v) > 0 {
			return lines
		}
	}
	return []string{head + " " + yamlInline(f.value)}
}

// yamlItems writes the items of a list in block style.
func yamlItems(texts []string, col int) []string {
	var lines []string
	for _, s := range texts {
		lines = append(lines, strings.Repeat(" ", col)+"- "+yamlScalar(s))
	}
	return lines
}

// yamlInline writes a value on one line.
func yamlInline(v any) string {
	var parts []string
	switch v := v.(type) {
	case string:
		return yamlScalar(v)
	case items:
		return "[]"
	case []string:
		for _, s := range v {
			parts = append(parts, yamlQuote(s))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case []field:
		for _, f := range v {
			parts = append(parts, yamlQuote(f.name)+": "+yamlInline(f.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

var (
	yamlPlain    = pattern.New(`^[A-Za-z/][A-Za-z0-9_./-]*$`)
	yamlReserved = []string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
)

// yamlScalar writes a text, without quotes where every parser takes it for one.
func yamlScalar(s string) string {
	if yamlPlain.MatchString(s) && !hasFold(yamlReserved, s) {
		return s
	}
	return yamlQuote(s)
}

// yamlQuote writes a text in double quotes.
func yamlQuote(s string) string {
	return quoted(s, func(r rune) bool {
		return r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffe && r <= 0xffff
	})
}
