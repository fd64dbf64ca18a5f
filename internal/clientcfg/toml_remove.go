// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
	"sort"
)

// remove takes members out of a table, wherever their parts are.
func (n tomlNode) remove(names []string) (step, error) {
	gone := setOf(names)
	if n.pair != nil {
		return n.removeInline(func(p *tomlPair) bool { return gone[p.path[len(n.path)]] }), nil
	}
	var all []span
	under := func(path []string) bool {
		return len(path) > len(n.path) && hasPath(path, n.path) && gone[path[len(n.path)]]
	}
	for _, h := range n.table.allHeaders() {
		if under(h.path) {
			all = append(all, n.d.cutBlock(h.start, h.below.end))
		}
	}
	for _, p := range n.lines() {
		if under(p.path) && (p.header == nil || !under(p.header.path)) {
			all = append(all, n.d.cutLines(p.start, p.end))
		}
	}
	return n.d.join(all), nil
}

// join puts cuts in order and those that touch together. At the top of the file
// the empty line behind what is cut goes with it, and at the end the line break
// before it, if the file does not end in one.
func (d *tomlDoc) join(cuts []span) step {
	sort.SliceStable(cuts, func(i, j int) bool { return cuts[i].start < cuts[j].start })
	var joined []span
	for _, c := range cuts {
		if n := len(joined); n > 0 && c.start <= joined[n-1].end {
			joined[n-1].end = c.end
			continue
		}
		joined = append(joined, c)
	}
	var all step
	for _, c := range joined {
		switch next := lineEnd(d.data, c.end); {
		case c.start == 0 && len(bytes.TrimSpace(d.data[c.end:next])) == 0:
			c.end = next
		case c.end == len(d.data) && !bytes.HasSuffix(d.data, []byte("\n")):
			c.start = len(bytes.TrimSuffix(bytes.TrimSuffix(d.data[:c.start], []byte("\n")), []byte("\r")))
		}
		all = append(all, splice{at: c.start, n: c.end - c.start})
	}
	return all
}

// removeInline takes pairs out of the braces of an inline table.
func (n tomlNode) removeInline(gone func(p *tomlPair) bool) step {
	pairs := slices.DeleteFunc(n.table.all(), func(p *tomlPair) bool { return p.in != n.pair })
	if !slices.ContainsFunc(pairs, func(p *tomlPair) bool { return !gone(p) }) {
		return step{{n.pair.value, n.pair.end - n.pair.value, "{}"}}
	}
	var all step
	kept := false // one before
	for i, p := range pairs {
		switch {
		case !gone(p):
			kept = true
		case kept:
			// With the comma before it.
			all = append(all, splice{pairs[i-1].end, p.end - pairs[i-1].end, ""})
		default:
			all = append(all, splice{p.start, pairs[i+1].start - p.start, ""})
		}
	}
	return all
}

// cutBlock is what to cut out for a header and what stands under it, with the
// empty line before it.
func (d *tomlDoc) cutBlock(start, end int) span {
	cut := d.cutLines(start, end)
	if cut.start == 0 {
		return cut
	}
	before := lineStart(d.data, cut.start-1)
	if len(bytes.TrimSpace(d.data[before:cut.start])) == 0 {
		cut.start = before
	}
	return cut
}

// cutLines is what to cut out for whole lines.
func (d *tomlDoc) cutLines(start, end int) span {
	return span{lineStart(d.data, start), lineEnd(d.data, end)}
}

// verifier compares all that is defined outside the entries of the change, each
// with its path and as it is written.
func (d *tomlDoc) verifier(e edit) (func(document) error, error) {
	return sameOthers(d, e), nil
}

// others is the digest of all that.
func (d *tomlDoc) others(e edit) []byte {
	all := newDigest()
	entry := func(path []string) bool {
		return len(path) > len(e.layout.key) && hasPath(path, e.layout.key) && e.affects(path[len(e.layout.key)])
	}
	for _, h := range d.headers {
		if !entry(h.path) {
			all.add(d.data[h.start:h.end])
		}
	}
	for _, p := range d.pairs {
		switch {
		case entry(p.path), hasPath(e.layout.key, p.path):
		default:
			all.add([]byte(tomlKey(p.path)))
			all.add(d.data[p.value:p.end])
		}
	}
	return all.Sum(nil)
}
