// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strings"

	"github.com/tailscale/hujson"
)

// insert adds members to the end of the object v. [jsonDoc.remove] undoes it to
// the byte, except that an object with nothing but white space in it becomes {}.
func (d *jsonDoc) insert(v *hujson.Value, fields []field) step {
	obj := v.Value.(*hujson.Object)
	if len(obj.Members) == 0 {
		return d.insertFirst(v, fields)
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
		text = d.style.members(fields, d.style.newline+indent, indent, d.style.compact)
	case line.slashes, d.style.pretty:
		indent := d.indentAt(v.StartOffset) + d.style.unit
		text = d.style.members(fields, d.style.newline+indent, indent, !d.style.pretty)
	default:
		text = d.style.members(fields, d.style.gap, "", true)
		at = start + line.tail
	}
	if trailing {
		return step{{at, 0, text + ","}}
	}
	// The comma goes right after the value, before the comment that may follow.
	return step{{last.Value.EndOffset, 0, ","}, {at, 0, text}}
}

// insertFirst adds members to an object without members.
func (d *jsonDoc) insertFirst(v *hujson.Value, fields []field) step {
	inside := v.Value.(*hujson.Object).AfterExtra
	start := v.StartOffset + 1
	base := d.indentAt(v.StartOffset)
	indent := base + d.style.unit
	lines := func() string { return d.style.members(fields, d.style.newline+indent, indent, d.style.compact) }
	comments := remarks(inside)
	if len(comments) == 0 {
		if d.style.oneLine || d.style.compact {
			return step{{start, len(inside), strings.TrimPrefix(d.style.members(fields, d.style.gap, "", true), d.style.gap)}}
		}
		return step{{start, len(inside), lines() + d.style.newline + base}}
	}
	tail := comments[len(comments)-1].end
	if end, ok := lineBreak(inside, tail); ok {
		return step{{start + end, 0, lines()}}
	}
	return step{{start + tail, 0, d.style.members(fields, d.style.gap, "", true)}}
}

// remove takes members out of the object v, with the commas that it needs no
// more and with the rest of their last lines. Of two neighbours with a comment
// or an empty line between them, the second is left for the next step.
func (d *jsonDoc) remove(v *hujson.Value, gone func(*hujson.ObjectMember) bool) step {
	members := v.Value.(*hujson.Object).Members
	var all step
	for i := 0; i < len(members); i++ {
		if !gone(&members[i]) {
			continue
		}
		last := i
		for last+1 < len(members) && gone(&members[last+1]) && isSimple(members[last+1].Name.BeforeExtra) {
			last++
		}
		all = append(all, d.removeRun(v, i, last)...)
		i = last + 1 // which stays, for now or for good
	}
	return all
}

// isSimple reports whether nothing but blanks and a line break is between two
// members, which go together then.
func isSimple(extra []byte) bool {
	return bytes.Count(extra, []byte("\n")) <= 1 && len(remarks(extra)) == 0
}

// removeRun takes the members first to last out of an object.
func (d *jsonDoc) removeRun(v *hujson.Value, first, last int) step {
	obj := v.Value.(*hujson.Object)
	isLast := last == len(obj.Members)-1
	run := hujson.ObjectMember{Name: obj.Members[first].Name, Value: obj.Members[last].Value}
	after := obj.AfterExtra
	if !isLast {
		after = obj.Members[last+1].Name.BeforeExtra
	}
	if first == 0 && isLast && len(remarks(run.Name.BeforeExtra)) == 0 && len(remarks(after)) == 0 {
		return step{{v.StartOffset + 1, v.EndOffset - v.StartOffset - 2, ""}}
	}
	end, comma := run.Value.EndOffset, !isLast || run.Value.AfterExtra != nil
	if comma {
		end += len(run.Value.AfterExtra) + 1
	}
	start, drop := d.extent(run, after, isLast)
	cut := splice{at: start, n: end + drop - start}
	if isLast && !comma && first > 0 {
		before := obj.Members[first-1].Value
		return step{{before.EndOffset + len(before.AfterExtra), 1, ""}, cut}
	}
	return step{cut}
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
func (d *jsonDoc) replace(v *hujson.Value, with any, lines bool) step {
	old := d.data[v.StartOffset:v.EndOffset]
	if kind := v.Value.Kind(); (kind == '{' || kind == '[') && len(old) > 2 {
		lines = bytes.Contains(old, []byte("\n"))
	}
	text := d.style.value(with, d.indentAt(v.StartOffset), !lines)
	return step{{v.StartOffset, len(old), text}}
}
