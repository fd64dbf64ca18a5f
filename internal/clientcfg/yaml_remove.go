// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "bytes"

// remove cuts out the lines of members or items. When nothing is left, {} or []
// takes their place, since nothing would be null.
func (n yamlNode) remove(names []string) (step, error) {
	if n.value == nil || !n.isBlock() || hasProps(n.value) {
		return nil, n.fail("flow style, an anchor or a tag" + cannotEdit)
	}
	keys, all, err := n.children()
	if err != nil {
		return nil, err
	}
	leaves := setOf(names)
	gone := make([]bool, len(all))
	for i, c := range all {
		name := keys[i]
		if n.kind() == isList {
			name = c.name()
		}
		if gone[i] = leaves[name] && name != ""; gone[i] && hasAnchor(c.value) {
			return nil, c.fail("an anchor" + cannotEdit)
		}
	}
	cuts, left, err := n.cut(all, gone)
	if err != nil || left > 0 {
		return cuts, err
	}
	empty := " {}"
	if n.kind() == isList {
		empty = " []"
	}
	return append(step{{n.colon, 0, empty}}, cuts...), nil
}

// cut cuts out children, those of adjacent lines at once, and tells how many are
// left. One of them may be there again in the next step, since what is before it
// now will not be.
func (n yamlNode) cut(all []yamlNode, gone []bool) (cuts step, left int, err error) {
	for i := 0; i < len(all); i++ {
		start, end := n.d.linesOf(all[i])
		if !gone[i] || i > 0 && gone[i-1] && n.d.isBlank(all[i-1], start) {
			left++
			continue
		}
		first := i
		for i+1 < len(all) && gone[i+1] {
			next, to := n.d.linesOf(all[i+1])
			if next != end {
				break
			}
			end = to
			i++
		}
		if len(bytes.TrimSpace(n.d.data[start:all[first].at])) > 0 || !n.d.restIsBlank(max(all[i].end(), all[i].colon)) {
			return nil, 0, all[first].fail("a list in a list" + cannotEdit)
		}
		cut := span{start, end}
		if first > 0 {
			if cut, err = n.d.cutBehind(all[first-1], cut); err != nil {
				return nil, 0, err
			}
		} else if n.d.isLast(end) {
			cut.start = n.d.lineBefore(start)
		}
		cuts = append(cuts, splice{at: cut.start, n: cut.end - cut.start})
	}
	return cuts, left, nil
}

// isBlank reports whether only blanks are between the lines of a child and start.
func (d *yamlDoc) isBlank(c yamlNode, start int) bool {
	_, end := d.linesOf(c)
	return len(bytes.TrimSpace(d.data[end:start])) == 0
}

// linesOf returns the lines of a child.
func (d *yamlDoc) linesOf(c yamlNode) (start, end int) {
	return d.lines.start(c.at), lineEnd(d.data, max(c.end(), c.colon))
}

// isLast reports whether a line that ends there is the last one of a file
// without a final line break. When it goes, the line break before it goes too.
func (d *yamlDoc) isLast(end int) bool {
	return end == len(d.data) && !bytes.HasSuffix(d.data, []byte("\n"))
}

// lineBefore is where the line before start ends, without its line break.
func (d *yamlDoc) lineBefore(start int) int {
	return len(bytes.TrimSuffix(bytes.TrimSuffix(d.data[:start], []byte("\n")), []byte("\r")))
}

// cutBehind is what to cut out for lines behind another child, which may end in
// a block text: empty lines that would become part of it are cut out too, and a
// comment that would is refused.
func (d *yamlDoc) cutBehind(before yamlNode, cut span) (span, error) {
	last, col := d.leaf(before.value, before.col)
	if !isBlockText(last) {
		if d.isLast(cut.end) {
			cut.start = d.lineBefore(cut.start)
		}
		return cut, nil
	}
	b := d.block(d.start(last), col)
	if len(bytes.TrimSpace(d.data[b.end:cut.start])) == 0 {
		var err error
		if cut.end, err = d.afterBlock(b, cut.end); err != nil {
			return cut, err
		}
	}
	if at := d.lineBefore(cut.start); d.isLast(cut.end) && at != b.end {
		cut.start = at
	}
	return cut, nil
}

// afterBlock returns the end of the empty lines that would become part of a
// block text.
func (d *yamlDoc) afterBlock(b yamlBlock, end int) (int, error) {
	for next := end; next < len(d.data); next = lineEnd(d.data, next) {
		text := line(d.data[next:])
		content := bytes.TrimLeft(text, " ")
		switch {
		case len(bytes.TrimSpace(text)) == 0:
			if b.keep || !b.empty && len(bytes.TrimRight(text, "\r")) > b.indent {
				end = lineEnd(d.data, next)
			}
		case content[0] == '#' && len(text)-len(content) >= b.indent:
			return 0, errorAt(d.data, next, "a comment that would become part of the text above")
		default:
			return end, nil
		}
	}
	return end, nil
}
