// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strings"
)

// insert adds members to the end of the object v. [jsonDoc.remove] undoes it to
// the byte, except that an object with nothing but white space in it becomes {}.
func (d *jsonDoc) insert(v span, fields []field) step {
	last, any := d.last(v)
	if !any {
		return d.insertFirst(v, fields)
	}
	start := last.value.end
	if last.comma {
		start = last.after + 1
	}
	line := restOfLine(d.tail(v, last))
	var text string
	at := start + line.end
	switch indent, own := indentOf(d.above(last)); {
	case own:
		text = d.style.members(fields, d.style.newline+indent, indent, d.style.compact)
	case line.slashes, d.style.pretty:
		indent := d.indentAt(v.start) + d.style.unit
		text = d.style.members(fields, d.style.newline+indent, indent, !d.style.pretty)
	default:
		text = d.style.members(fields, d.style.gap, "", true)
		at = start + line.tail
	}
	if last.comma {
		return step{{at, 0, text + ","}}
	}
	// The comma goes right after the value, before the comment that may follow.
	return step{{last.value.end, 0, ","}, {at, 0, text}}
}

// insertFirst adds members to an object without members.
func (d *jsonDoc) insertFirst(v span, fields []field) step {
	start := v.start + 1
	inside := d.data[start : v.end-1]
	base := d.indentAt(v.start)
	indent := base + d.style.unit
	lines := func() string { return d.style.members(fields, d.style.newline+indent, indent, d.style.compact) }
	last, any := lastRemark(inside)
	if !any {
		if d.style.oneLine || d.style.compact {
			return step{{start, len(inside), strings.TrimPrefix(d.style.members(fields, d.style.gap, "", true), d.style.gap)}}
		}
		return step{{start, len(inside), lines() + d.style.newline + base}}
	}
	if end, ok := lineBreak(inside, last.end); ok {
		return step{{start + end, 0, lines()}}
	}
	return step{{start + last.end, 0, d.style.members(fields, d.style.gap, "", true)}}
}

// jsonRun are members of an object that go together.
type jsonRun struct {
	before, first, last jsonMember
	leads               bool // there is none before
}

// remove takes members out of the object v, with the commas that it needs no
// more and with the rest of their last lines. Of two neighbours with a comment
// or an empty line between them, the second is left for the next step.
func (d *jsonDoc) remove(v span, gone map[string]bool) step {
	var all step
	var run *jsonRun
	var before jsonMember
	leads := true
	for m := range d.inside(v) {
		switch goes := gone[d.name(m)]; {
		case run != nil && goes && isSimple(d.above(m)):
			run.last = m
		case run != nil: // it stays, for now or for good
			all = append(all, d.removeRun(v, *run, &m)...)
			run = nil
		case goes:
			run = &jsonRun{before: before, first: m, last: m, leads: leads}
		}
		before, leads = m, false
	}
	if run != nil {
		all = append(all, d.removeRun(v, *run, nil)...)
	}
	return all
}

// isSimple reports whether nothing but blanks and a line break is between two
// members, which go together then.
func isSimple(extra []byte) bool {
	return bytes.Count(extra, []byte("\n")) <= 1 && !hasRemarks(extra)
}

// removeRun takes a run out of an object; next follows it, nil if it is the last.
func (d *jsonDoc) removeRun(v span, run jsonRun, next *jsonMember) step {
	after := d.tail(v, run.last)
	if next != nil {
		after = d.above(*next)
	}
	if run.leads && next == nil && !hasRemarks(d.above(run.first)) && !hasRemarks(after) {
		return step{{v.start + 1, v.end - v.start - 2, ""}}
	}
	end := run.last.value.end
	if run.last.comma {
		end = run.last.after + 1
	}
	start, drop := d.extent(run.first, after, next == nil)
	cut := splice{at: start, n: end + drop - start}
	if next == nil && !run.last.comma && !run.leads {
		return step{{run.before.after, 1, ""}, cut}
	}
	return step{cut}
}

// extent returns where to begin cutting out a member, and how much to cut off
// after, the extra that follows it.
func (d *jsonDoc) extent(m jsonMember, after []byte, isLast bool) (start, drop int) {
	lead, line := leadOf(d.above(m)), restOfLine(after)
	start = m.before + lead.start
	switch {
	case !lead.newLine:
		return start, 0
	case line.broken, isLast && !lead.slashes:
		return start, line.end
	}
	// Something else is on the line, or a // comment before it must not swallow
	// what follows: the line break stays.
	if isLast {
		return m.name.start, line.end
	}
	return m.name.start, len(leadingBlanks(after))
}

// replace puts another value in the place of n. It goes over several lines if
// the old one did, or if that was no list and lines says so.
func (d *jsonDoc) replace(n jsonNode, with any, lines bool) step {
	old := d.data[n.start:n.end]
	if kind := n.kind(); (kind == isObject || kind == isList) && len(old) > 2 {
		lines = bytes.Contains(old, []byte("\n"))
	}
	text := d.style.value(with, d.indentAt(n.start), !lines)
	return step{{n.start, len(old), text}}
}
