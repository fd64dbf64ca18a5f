// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// style is how a file is written, so that what is added looks like the rest.
type style struct {
	newline string // "\n" or "\r\n"
	unit    string // one step of indentation
	gap     string // after a colon, and after a comma within a line
	oneLine bool   // the whole file is one line
	pretty  bool   // whatever the file looks like: each member on its own line
	compact bool   // whatever the file looks like: on one line without blanks
}

// detectStyle looks at the file, and at what the caller wants new text to look
// like.
func (d *jsonDoc) detectStyle(look JSONStyle) style {
	s := d.ownStyle()
	switch look {
	case JSONPretty:
		s.pretty, s.oneLine, s.gap = true, false, " "
	case JSONCompact, JSONNone:
		_, there := d.first(d.root)
		s.compact, s.gap = true, ""
		s.oneLine = s.oneLine || !there && d.data[d.root.start] == '{'
	}
	return s
}

func (d *jsonDoc) ownStyle() style {
	s := style{newline: newlineOf(d.data), unit: "  ", gap: " "}
	first, there := d.first(d.root)
	if !there {
		return s
	}
	s.oneLine = !bytes.Contains(d.data[d.root.start:d.root.end], []byte("\n"))
	if unit, ok := indentOf(d.above(first)); ok && unit != "" {
		s.unit = unit
	}
	if first.gap == first.value.start {
		s.gap = ""
	}
	return s
}

// indentAt returns the indentation of the line on which offset is.
func (d *jsonDoc) indentAt(offset int) string { return leadingBlanks(d.data[d.lines.start(offset):]) }

// member writes "name": value. Lines after the first are indented by indent;
// within a line there are no line breaks.
func (s style) member(f field, indent string, inline bool) string {
	return quote(f.name) + ":" + s.gap + s.value(f.value, indent, inline)
}

// members writes members with a comma between them, each behind the text before.
func (s style) members(fields []field, before, indent string, inline bool) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = before + s.member(f, indent, inline)
	}
	return strings.Join(parts, ",")
}

func (s style) value(v any, indent string, inline bool) string {
	switch v := v.(type) {
	case []string:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = quote(v[i])
		}
		return s.group("[", parts, "]", indent, inline)
	case []field:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = s.member(v[i], indent+s.unit, inline)
		}
		return s.group("{", parts, "}", indent, inline)
	case string:
		return quote(v)
	default:
		return fmt.Sprint(v)
	}
}

func (s style) group(open string, parts []string, end, indent string, inline bool) string {
	if len(parts) == 0 {
		return open + end
	}
	if inline {
		return open + strings.Join(parts, ","+s.gap) + end
	}
	next := s.newline + indent + s.unit
	return open + next + strings.Join(parts, ","+next) + s.newline + indent + end
}

// quote writes a JSON string and escapes only what has to be, and what is hidden.
func quote(s string) string {
	text := []byte{'"'}
	for _, r := range s {
		if i := strings.IndexRune("\"\\\b\f\n\r\t", r); i >= 0 {
			text = append(text, '\\', `"\bfnrt`[i])
		} else if r < ' ' {
			text = fmt.Appendf(text, `\u%04x`, r)
		} else {
			text = utf8.AppendRune(text, r)
		}
	}
	return string(plain.EscapeJSON(append(text, '"')))
}
