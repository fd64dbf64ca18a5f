// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/tailscale/hujson"

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
		obj, ok := d.root.Value.(*hujson.Object)
		s.compact, s.gap = true, ""
		s.oneLine = s.oneLine || ok && len(obj.Members) == 0
	}
	return s
}

func (d *jsonDoc) ownStyle() style {
	s := style{newline: newlineOf(d.data), unit: "  ", gap: " "}
	obj, ok := d.root.Value.(*hujson.Object)
	if !ok || len(obj.Members) == 0 {
		return s
	}
	s.oneLine = !bytes.Contains(d.data[d.root.StartOffset:d.root.EndOffset], []byte("\n"))
	first := obj.Members[0]
	if unit, ok := indentOf(first.Name.BeforeExtra); ok && unit != "" {
		s.unit = unit
	}
	if len(first.Value.BeforeExtra) == 0 {
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
	return string(plain.EscapeJSON([]byte(hujson.String(s))))
}
