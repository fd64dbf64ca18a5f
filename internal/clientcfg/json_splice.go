// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"

	"github.com/tailscale/hujson"
)

// insert adds a member to the end of the object v. [jsonDoc.remove] undoes it to the
// byte, except that an object with nothing but white space in it becomes {}.
func (d *jsonDoc) insert(v *hujson.Value, f field) []splice {
	obj := v.Value.(*hujson.Object)
	if len(obj.Members) == 0 {
		return d.insertFirst(v, f)
	}
	last := obj.Members[len(obj.Members)-1]
	start := last.Value.EndOffset
	trailing := last.Value.AfterExtra != nil
	if trailing {
		start += len(last.Value.AfterExtra) + 1
	}
	line := restOfLine(obj.AfterExtra)
	var text string
	at := start + line.end
	switch indent, own := indentOf(last.Name.BeforeExtra); {
	case own:
		text = d.style.newline + indent + d.style.member(f, indent, d.style.compact)
	case line.slashes, d.style.pretty:
		indent := d.indentAt(v.StartOffset) + d.style.unit
		text = d.style.newline + indent + d.style.member(f, indent, !d.style.pretty)
	default:
		text = d.style.gap + d.style.member(f, "", true)
		at = start + line.tail
	}
	if trailing {
		return []splice{{at, 0, text + ","}}
	}
	// The comma goes right after the value, before the comment that may follow.
	return []splice{{last.Value.EndOffset, 0, ","}, {at, 0, text}}
}

// insertFirst adds a member to an object without members.
func (d *jsonDoc) insertFirst(v *hujson.Value, f field) []splice {
	inside := v.Value.(*hujson.Object).AfterExtra
	start := v.StartOffset + 1
	base := d.indentAt(v.StartOffset)
	indent := base + d.style.unit
	own := d.style.newline + indent + d.style.member(f, indent, d.style.compact)
	inline := d.style.member(f, "", true)
	comments := remarks(inside)
	if len(comments) == 0 {
		if d.style.oneLine || d.style.compact {
			return []splice{{start, len(inside), inline}}
		}
		return []splice{{start, len(inside), own + d.style.newline + base}}
	}
	tail := comments[len(comments)-1].end
	if end, ok := lineBreak(inside, tail); ok {
		return []splice{{start + end, 0, own}}
	}
	return []splice{{start + tail, 0, d.style.gap + inline}}
}

// remove takes member i out of the object v, with the comma that it needs no
// more and with the rest of its last line.
func (d *jsonDoc) remove(v *hujson.Value, i int) []splice {
	obj := v.Value.(*hujson.Object)
	m, isLast := obj.Members[i], i == len(obj.Members)-1
	after := obj.AfterExtra
	if !isLast {
		after = obj.Members[i+1].Name.BeforeExtra
	}
	if len(obj.Members) == 1 && len(remarks(m.Name.BeforeExtra)) == 0 && len(remarks(after)) == 0 {
		return []splice{{v.StartOffset + 1, v.EndOffset - v.StartOffset - 2, ""}}
	}
	end, comma := m.Value.EndOffset, !isLast || m.Value.AfterExtra != nil
	if comma {
		end += len(m.Value.AfterExtra) + 1
	}
	start, drop := d.extent(m, after, isLast)
	cut := splice{at: start, n: end + drop - start}
	if isLast && !comma && i > 0 {
		before := obj.Members[i-1].Value
		return []splice{{before.EndOffset + len(before.AfterExtra), 1, ""}, cut}
	}
	return []splice{cut}
}

// extent returns where to begin cutting out a member, and how much to cut off
// after, the extra that follows it.
func (d *jsonDoc) extent(m hujson.ObjectMember, after []byte, isLast bool) (start, drop int) {
	lead, line := leadOf(m.Name.BeforeExtra), restOfLine(after)
	start = m.Name.StartOffset - len(m.Name.BeforeExtra) + lead.start
	switch {
	case !lead.newLine:
		return start, 0
	case line.broken, isLast && !lead.slashes:
		return start, line.end
	}
	// Something else is on the line, or a // comment before it must not swallow
	// what follows: the line break stays.
	if isLast {
		return m.Name.StartOffset, line.end
	}
	return m.Name.StartOffset, len(leadingBlanks(after))
}

// replace puts another value in the place of v. It goes over several lines if
// the old one did, or if that was no list and lines says so.
func (d *jsonDoc) replace(v *hujson.Value, with any, lines bool) []splice {
	old := d.data[v.StartOffset:v.EndOffset]
	if kind := v.Value.Kind(); (kind == '{' || kind == '[') && len(old) > 2 {
		lines = bytes.Contains(old, []byte("\n"))
	}
	text := d.style.value(with, d.indentAt(v.StartOffset), !lines)
	return []splice{{v.StartOffset, len(old), text}}
}
