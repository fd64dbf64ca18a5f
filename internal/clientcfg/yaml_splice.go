// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// checkEditable refuses flow style, and what other places may refer to.
func (n yamlNode) checkEditable() error {
	switch {
	case n.flow:
		return n.fail("flow style" + cannotEdit)
	case n.value == nil:
		return nil
	case n.kind() == isOther:
		return n.fail("an anchor, an alias or a tag" + cannotEdit)
	case hasAnchor(n.value):
		return n.fail("an anchor" + cannotEdit)
	}
	return nil
}

func hasAnchor(n *yaml.Node) bool {
	return n.Anchor != "" || slices.ContainsFunc(n.Content, hasAnchor)
}

// isBlock reports whether the value has lines of its own, to which more can be
// added.
func (n yamlNode) isBlock() bool { return !n.flow && isBlock(n.value) }

// insert adds members to the end of an object, or items to the end of a list.
// [yamlNode.remove] undoes it to the byte.
func (n yamlNode) insert(fields []field) (step, error) {
	if n.value == nil {
		return n.d.linesBelow(len(n.d.data), 0, n.lines(fields, 0))
	}
	if n.flow || hasProps(n.value) {
		return nil, n.fail("flow style, an anchor or a tag" + cannotEdit)
	}
	if !n.isBlock() {
		return n.unfold(fields)
	}
	_, all, err := n.children()
	if err != nil {
		return nil, err
	}
	first, last := all[0], all[len(all)-1]
	if strings.Trim(string(n.d.data[n.d.lines.start(first.at):first.at]), " -") != "" {
		return nil, first.fail("something before a key or dash" + cannotEdit)
	}
	end := max(last.end(), last.colon)
	if !n.d.restIsBlank(end) {
		return nil, last.unsure()
	}
	return n.d.linesBelow(end, last.col, n.lines(fields, last.col))
}

// lines writes members, or items, at a column.
func (n yamlNode) lines(fields []field, col int) []string {
	var all []string
	for _, f := range fields {
		if n.value == nil || n.kind() != isList {
			all = append(all, yamlMember(f, col, n.d.unit)...)
			continue
		}
		dash := len(all)
		for _, inner := range f.value.([]field) {
			all = append(all, yamlMember(inner, col+2, n.d.unit)...)
		}
		all[dash] = strings.Repeat(" ", col) + "- " + all[dash][col+2:]
	}
	return all
}

// unfold puts the first members into an empty object or list, {} or [].
func (n yamlNode) unfold(fields []field) (step, error) {
	start, end := n.d.start(n.value), n.end()
	if len(n.value.Content) > 0 || end < 0 || !n.d.restIsBlank(end) || len(bytes.TrimSpace(n.d.data[start+1:end-1])) > 0 ||
		n.col >= 0 && bytes.ContainsRune(n.d.data[n.colon:start], '\n') {
		return nil, n.fail("flow style" + cannotEdit)
	}
	if n.col < 0 {
		if n.d.lines.start(start) != start {
			return nil, n.fail("flow style" + cannotEdit)
		}
		text := strings.Join(n.lines(fields, 0), n.d.newline)
		return step{{start, end - start, text}}, nil
	}
	col := n.col + n.d.unit
	if n.kind() == isList {
		col = n.col + 2
	}
	below, err := n.d.linesBelow(end, col, n.lines(fields, col))
	if err != nil {
		return nil, err
	}
	return append(step{{n.colon, end - n.colon, ""}}, below...), nil
}

// linesBelow adds lines below the one on which end is, and below the comments
// there that stand at their column or deeper.
func (d *yamlDoc) linesBelow(end, col int, lines []string) (step, error) {
	at := lineEnd(d.data, end)
	for at < len(d.data) {
		text := line(d.data[at:])
		content := bytes.TrimLeft(text, " ")
		if len(content) == 0 || content[0] != '#' || len(text)-len(content) < col {
			break
		}
		at = lineEnd(d.data, at)
	}
	text := strings.Join(lines, d.newline)
	if at == 0 || d.data[at-1] == '\n' {
		return step{{at, 0, text + d.newline}}, nil
	}
	if d.endsBlock(at) {
		return nil, errorAt(d.data, at, "a text at the end of the file without a line break"+cannotEdit)
	}
	return step{{at, 0, d.newline + text}}, nil
}

// endsBlock reports whether a block text ends at an offset, the end of the file.
// A line break there is part of it.
func (d *yamlDoc) endsBlock(at int) bool {
	if d.root == nil {
		return false
	}
	last, col := d.leaf(d.root, -1)
	return isBlockText(last) && d.block(d.start(last), col).end == at
}

// inPlace: an object is removed instead, and what is then missing is added anew.
func (n yamlNode) inPlace(value any) bool {
	fields, ok := value.([]field)
	return !ok || len(fields) == 0 || n.kind() == isNull
}

// replace puts another value in the place of this one.
func (n yamlNode) replace(value any, _ node) (step, error) {
	if err := n.checkEditable(); err != nil {
		return nil, err
	}
	if isNothing(n.value) {
		return step{{n.colon, 0, " " + yamlInline(value)}}, nil
	}
	start, end := n.d.start(n.value), n.end()
	if end < 0 {
		return nil, n.unsure()
	}
	if !isBlock(n.value) {
		return step{{start, end - start, yamlInline(value)}}, nil
	}
	if args, ok := value.([]string); ok && len(args) > 0 && n.kind() == isList {
		col := n.d.column(n.value)
		text := strings.Join(yamlItems(args, col), n.d.newline)[col:]
		return step{{start, max(end-start, 1), text}}, nil
	}
	return step{{n.colon, end - n.colon, " " + yamlInline(value)}}, nil
}
