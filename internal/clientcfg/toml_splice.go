// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// insert adds members to a table: into its braces if it is inline, and else
// lines, or lines under headers. [tomlNode.remove] undoes it to the byte.
func (n tomlNode) insert(fields []field) (step, error) {
	if n.pair != nil {
		return n.insertInline(fields), nil
	}
	part, header, lines := n.inlinePart(), n.header(), n.lines()
	dotted, after := header == nil && dotted(lines, n.path), n.after()
	var all step
	for i, f := range fields {
		inner, isTable := f.value.([]field)
		path := append(slices.Clone(n.path), f.name)
		switch {
		case part != nil:
			all = append(all, splice{part.end, 0, ", " + tomlKey(path[len(part.in.path):]) + " = " + tomlValue(f.value)})
		case isTable && dotted:
			all = append(all, n.d.insertDotted(lines[len(lines)-1], path, inner)...)
		case isTable:
			all = append(all, n.d.block(after, i == 0, path, inner))
		case header != nil:
			all = append(all, n.d.lineBelow(header.below, header.path, path, f.value))
		case len(lines) > 0:
			last := lines[len(lines)-1]
			all = append(all, n.d.lineBelow(last.span, headerPath(last), path, f.value))
		default:
			return step{n.d.block(after, true, n.path, fields)}, nil
		}
	}
	return together([]step{all}), nil
}

// inlinePart returns the last part of this table if it is written in dotted keys
// within an inline table, nil if it is not.
func (n tomlNode) inlinePart() *tomlPair {
	var last *tomlPair
	for _, p := range n.table.all() {
		if p.in != nil && len(p.in.path) < len(n.path) {
			last = p
		}
	}
	return last
}

// dotted reports whether a table is an entry, or part of one, that is written in
// dotted keys only. The table that holds the entries may be, too, but another
// entry can have a header all the same.
func dotted(lines []*tomlPair, path []string) bool {
	return slices.ContainsFunc(lines, func(p *tomlPair) bool { return len(p.path) == len(path)+1 && p.kind != isObject })
}

func headerPath(p *tomlPair) []string {
	if p.header == nil {
		return nil
	}
	return p.header.path
}

// insertInline adds members in front of the closing brace.
func (n tomlNode) insertInline(fields []field) step {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = tomlKey([]string{f.name}) + " = " + tomlValue(f.value)
	}
	text := strings.Join(parts, ", ")
	var last *tomlPair
	for _, p := range n.table.all() {
		if p.in == n.pair {
			last = p
		}
	}
	if last != nil {
		return step{{last.end, 0, ", " + text}}
	}
	return step{{n.pair.value, n.pair.end - n.pair.value, "{ " + text + " }"}}
}

// insertDotted adds a table as dotted keys below a line.
func (d *tomlDoc) insertDotted(below *tomlPair, path []string, fields []field) step {
	if len(fields) == 0 {
		return step{d.lineBelow(below.span, headerPath(below), path, fields)}
	}
	var all step
	for _, f := range fields {
		path := append(slices.Clone(path), f.name)
		switch v := f.value.(type) {
		case []field:
			all = append(all, d.insertDotted(below, path, v)...)
		case []string:
			if len(v) > 0 {
				all = append(all, d.lineBelow(below.span, headerPath(below), path, v))
			}
		default:
			all = append(all, d.lineBelow(below.span, headerPath(below), path, v))
		}
	}
	return all
}

// lineBelow adds a line with the pair for a path below what is at above.
func (d *tomlDoc) lineBelow(above span, header, path []string, value any) splice {
	text := indentAt(d.data, above.start) + tomlKey(path[len(header):]) + " = " + tomlValue(value)
	at := lineEnd(d.data, above.end)
	if at == len(d.data) && !bytes.HasSuffix(d.data, []byte("\n")) {
		return splice{at, 0, d.newline + text}
	}
	return splice{at, 0, text + d.newline}
}

// after returns where a new table goes that is part of this one: behind its
// last part that has a header, or at the end of the file.
func (n tomlNode) after() int {
	if n.table == nil || n.table.last == nil {
		return len(n.d.data)
	}
	at := lineEnd(n.d.data, n.table.last.below.end)
	// The comments that follow belong to what is before them if an empty line is
	// behind them, and else to what comes next.
	end := at
	for end < len(n.d.data) {
		text := bytes.TrimSpace(line(n.d.data[end:]))
		if len(text) == 0 {
			return end
		}
		if text[0] != '#' {
			return at
		}
		end = lineEnd(n.d.data, end)
	}
	return end
}

// block writes a table under a header of its own, with an empty line before it.
// Tables within it get headers too, behind it. first: no other block is added
// there before it.
func (d *tomlDoc) block(at int, first bool, path []string, fields []field) splice {
	var blocks []string
	var write func(path []string, fields []field)
	write = func(path []string, fields []field) {
		lines := []string{"[" + tomlKey(path) + "]"}
		which := len(blocks)
		blocks = append(blocks, "")
		for _, f := range fields {
			if inner, ok := f.value.([]field); ok {
				write(append(slices.Clone(path), f.name), inner)
				continue
			}
			if args, ok := f.value.([]string); ok && len(args) == 0 {
				continue
			}
			lines = append(lines, tomlKey([]string{f.name})+" = "+tomlValue(f.value))
		}
		blocks[which] = strings.Join(lines, d.newline)
	}
	write(path, fields)
	text := strings.Join(blocks, d.newline+d.newline)
	switch {
	case at == 0 && first:
		return splice{at, 0, text + d.newline}
	case at == 0, d.data[at-1] == '\n':
		return splice{at, 0, d.newline + text + d.newline}
	}
	return splice{at, 0, d.newline + d.newline + text}
}

// inPlace: a table that is not inline has no place of its own.
func (n tomlNode) inPlace(any) bool { return n.pair != nil }

// replace puts another value in the place of a pair's.
func (n tomlNode) replace(value any, _ node) (step, error) {
	return step{{n.pair.value, n.pair.end - n.pair.value, tomlValue(value)}}, nil
}

func tomlValue(v any) string {
	switch v := v.(type) {
	case string:
		return tomlQuote(v)
	case []string:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = tomlQuote(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case []field:
		parts := make([]string, len(v))
		for i, f := range v {
			parts[i] = tomlKey([]string{f.name}) + " = " + tomlValue(f.value)
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	}
	return fmt.Sprint(v)
}

// tomlQuote writes a basic string and escapes only what has to be.
func tomlQuote(s string) string {
	return quoted(s, func(r rune) bool { return r == 0x7f })
}
