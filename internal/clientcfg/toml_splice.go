// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// insert adds a member to a table: into its braces if it is inline, and else a
// line, or lines under a header. [tomlNode.remove] undoes it to the byte.
func (n tomlNode) insert(f field) ([]splice, error) {
	if n.pair != nil {
		return n.insertInline(f), nil
	}
	fields, isTable := f.value.([]field)
	header, lines := n.header(), n.lines()
	path := append(slices.Clone(n.path), f.name)
	switch part := n.inlinePart(); {
	case part != nil:
		return []splice{{part.end, 0, ", " + tomlKey(path[len(part.in.path):]) + " = " + tomlValue(f.value)}}, nil
	case isTable && header == nil && n.dotted():
		return n.insertDotted(lines[len(lines)-1], path, fields), nil
	case isTable:
		return []splice{n.d.block(n.after(), path, fields)}, nil
	case header != nil:
		below := n.lastUnder(header)
		return []splice{n.d.lineBelow(below, header.path, path, f.value)}, nil
	case len(lines) > 0:
		last := lines[len(lines)-1]
		return []splice{n.d.lineBelow(last.span, headerPath(last), path, f.value)}, nil
	}
	return []splice{n.d.block(n.after(), n.path, []field{f})}, nil
}

// inlinePart returns the last part of this table if it is written in dotted keys
// within an inline table, nil if it is not.
func (n tomlNode) inlinePart() *tomlPair {
	var last *tomlPair
	for _, p := range n.d.pairs {
		if p.in != nil && hasPath(p.path, n.path) && len(p.in.path) < len(n.path) {
			last = p
		}
	}
	return last
}

// dotted reports whether this table is an entry, or part of one, that is
// written in dotted keys only. The table that holds the entries may be, too,
// but another entry can have a header all the same.
func (n tomlNode) dotted() bool {
	for _, p := range n.lines() {
		if len(p.path) == len(n.path)+1 && p.kind != isObject {
			return true
		}
	}
	return false
}

func headerPath(p *tomlPair) []string {
	if p.header == nil {
		return nil
	}
	return p.header.path
}

// insertInline adds a member in front of the closing brace.
func (n tomlNode) insertInline(f field) []splice {
	text := tomlKey([]string{f.name}) + " = " + tomlValue(f.value)
	var last *tomlPair
	for _, p := range n.d.pairs {
		if p.in == n.pair {
			last = p
		}
	}
	if last != nil {
		return []splice{{last.end, 0, ", " + text}}
	}
	return []splice{{n.pair.value, n.pair.end - n.pair.value, "{ " + text + " }"}}
}

// insertDotted adds a table as dotted keys below a line.
func (n tomlNode) insertDotted(below *tomlPair, path []string, fields []field) []splice {
	if len(fields) == 0 {
		return []splice{n.d.lineBelow(below.span, headerPath(below), path, fields)}
	}
	f := fields[0] // the others follow one by one
	return []splice{n.d.lineBelow(below.span, headerPath(below), append(slices.Clone(path), f.name), f.value)}
}

// lastUnder returns the last pair that stands under a header, or the header if
// there is none.
func (n tomlNode) lastUnder(h *tomlHeader) span {
	last := h.span
	for _, p := range n.d.pairs {
		if p.header == h && p.in == nil {
			last = p.span
		}
	}
	return last
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
	var last *tomlHeader
	for _, h := range n.d.headers {
		if hasPath(h.path, n.path) {
			last = h
		}
	}
	if last == nil {
		return len(n.d.data)
	}
	at := lineEnd(n.d.data, n.lastUnder(last).end)
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
// Tables within it get headers too, behind it.
func (d *tomlDoc) block(at int, path []string, fields []field) splice {
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
	case at == 0:
		return splice{at, 0, text + d.newline}
	case d.data[at-1] == '\n':
		return splice{at, 0, d.newline + text + d.newline}
	}
	return splice{at, 0, d.newline + d.newline + text}
}

// replace puts another value in the place of a pair's. A table is removed
// instead; what is then missing is added anew.
func (n tomlNode) replace(value any, of node) ([]splice, error) {
	if n.pair == nil {
		return of.remove(n.path[len(n.path)-1])
	}
	return []splice{{n.pair.value, n.pair.end - n.pair.value, tomlValue(value)}}, nil
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
