// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// checkEditable refuses flow style, and what other places may refer to.
func (n yamlNode) checkEditable() error {
	switch {
	case n.flow:
		return n.fail("flow style" + cannotEdit)
	case n.tree != nil && n.tree.props, n.kind() == isOther && n.value != nil:
		return n.fail("an anchor, an alias or a tag" + cannotEdit)
	case n.value != nil && len(ast.Filter(ast.AnchorType, n.value)) > 0:
		return n.fail("an anchor" + cannotEdit)
	}
	return nil
}

// insert adds a member to the end of an object, or an item to the end of a
// list. [yamlNode.remove] undoes it to the byte.
func (n yamlNode) insert(f field) ([]splice, error) {
	if n.value == nil {
		return n.d.linesBelow(len(n.d.data), 0, yamlMember(f, 0, 2))
	}
	if n.flow || n.tree == nil || n.tree.props {
		return nil, n.fail("flow style, an anchor or a tag" + cannotEdit)
	}
	if n.tree.kind == yamlValue {
		return n.unfold(f)
	}
	last := n.tree.children[len(n.tree.children)-1]
	return n.d.linesBelow(last.end, n.tree.col, n.lines(f, n.tree.col))
}

// lines writes a member, or an item, at a column.
func (n yamlNode) lines(f field, col int) []string {
	unit := n.d.unit()
	if n.kind() != isList {
		return yamlMember(f, col, unit)
	}
	var all []string
	for _, inner := range f.value.([]field) {
		all = append(all, yamlMember(inner, col+2, unit)...)
	}
	all[0] = strings.Repeat(" ", col) + "- " + all[0][col+2:]
	return all
}

// unit is one step of indentation of objects, as the file has it.
func (d *yamlDoc) unit() int {
	if d.root == nil {
		return 2
	}
	for _, c := range d.root.children {
		if d.root.kind == yamlKey && c.value != nil && c.value.kind == yamlKey {
			return c.value.col - d.root.col
		}
	}
	return 2
}

// unfold puts the first member into an empty object or list, {} or [].
func (n yamlNode) unfold(f field) ([]splice, error) {
	keys, _, err := n.members()
	if err != nil {
		return nil, err
	}
	between, inside := n.d.data[n.colon:n.tree.start], n.d.data[n.tree.start+1:n.tree.end-1]
	if len(keys) > 0 || len(bytes.TrimSpace(inside)) > 0 || bytes.ContainsRune(between, '\n') {
		return nil, n.fail("flow style" + cannotEdit)
	}
	if n.col < 0 {
		text := strings.Join(n.lines(f, 0), n.d.newline)
		return []splice{{n.tree.start, n.tree.end - n.tree.start, text}}, nil
	}
	col := n.col + n.d.unit()
	if n.kind() == isList {
		col = n.col + 2
	}
	below, err := n.d.linesBelow(n.tree.end, col, n.lines(f, col))
	if err != nil {
		return nil, err
	}
	return append([]splice{{n.colon, n.tree.end - n.colon, ""}}, below...), nil
}

// linesBelow adds lines below the one on which end is, and below the comments
// there that stand at their column or deeper.
func (d *yamlDoc) linesBelow(end, col int, lines []string) ([]splice, error) {
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
		return []splice{{at, 0, text + d.newline}}, nil
	}
	if d.endsBlock(at) {
		return nil, errorAt(d.data, at, "a text at the end of the file without a line break"+cannotEdit)
	}
	return []splice{{at, 0, d.newline + text}}, nil
}

// endsBlock reports whether a block scalar ends at an offset. A line break
// there is part of it.
func (d *yamlDoc) endsBlock(at int) bool {
	return slices.ContainsFunc(d.blocks, func(b yamlBlock) bool { return b.end == at })
}

// afterBlock sees to what follows when lines from start to end are cut out
// behind a block scalar: empty lines that would become part of it are cut out
// too, and a comment that would is refused. It returns the new end.
func (d *yamlDoc) afterBlock(start, end int) (int, error) {
	i := slices.IndexFunc(d.blocks, func(b yamlBlock) bool {
		return b.end <= start && len(bytes.TrimSpace(d.data[b.end:start])) == 0
	})
	if i < 0 {
		return end, nil
	}
	for next := end; next < len(d.data); next = lineEnd(d.data, next) {
		text := line(d.data[next:])
		content := bytes.TrimLeft(text, " ")
		switch {
		case len(bytes.TrimSpace(text)) == 0:
			if d.blocks[i].keep || len(bytes.TrimRight(text, "\r")) > d.blocks[i].indent {
				end = lineEnd(d.data, next)
			}
		case content[0] == '#' && len(text)-len(content) >= d.blocks[i].indent:
			return 0, errorAt(d.data, next, "a comment that would become part of the text above")
		default:
			return end, nil
		}
	}
	return end, nil
}

// replace puts another value in the place of this one. An object is removed
// instead; what is then missing is added anew.
func (n yamlNode) replace(value any, of node) ([]splice, error) {
	if err := n.checkEditable(); err != nil {
		return nil, err
	}
	if fields, ok := value.([]field); ok && len(fields) > 0 && n.kind() != isNull {
		parent := of.(yamlNode)
		return parent.removeChild(slices.IndexFunc(parent.tree.children, func(c yamlChild) bool { return c.start == n.at }))
	}
	if n.tree == nil {
		return []splice{{n.colon, 0, " " + yamlInline(value)}}, nil
	}
	if n.tree.kind == yamlValue {
		return []splice{{n.tree.start, n.tree.end - n.tree.start, yamlInline(value)}}, nil
	}
	if args, ok := value.([]string); ok && len(args) > 0 && n.tree.kind == yamlDash {
		text := strings.Join(yamlItems(args, n.tree.col), n.d.newline)[n.tree.col:]
		return []splice{{n.tree.start, n.tree.end - n.tree.start, text}}, nil
	}
	return []splice{{n.colon, n.tree.end - n.colon, " " + yamlInline(value)}}, nil
}

func (n yamlNode) remove(name string) ([]splice, error) {
	if n.flow || n.tree == nil || n.tree.kind == yamlValue || n.tree.props {
		return nil, n.fail("flow style, an anchor or a tag" + cannotEdit)
	}
	return n.removeChild(slices.Index(n.names(), name))
}

// removeChild cuts out the lines of a member or an item. The last one leaves {}
// or [] behind, since nothing would be null.
func (n yamlNode) removeChild(i int) ([]splice, error) {
	_, values, err := n.members()
	if err != nil {
		return nil, err
	}
	c, data := n.tree.children[i], n.d.data
	if len(ast.Filter(ast.AnchorType, values[i].value)) > 0 {
		return nil, values[i].fail("an anchor" + cannotEdit)
	}
	start, end := lineStart(data, c.start), lineEnd(data, c.end)
	if len(bytes.TrimSpace(data[start:c.start])) > 0 {
		return nil, values[i].fail("a list in a list" + cannotEdit)
	}
	if end, err = n.d.afterBlock(start, end); err != nil {
		return nil, err
	}
	if end == len(data) && !bytes.HasSuffix(data, []byte("\n")) {
		if before := len(bytes.TrimSuffix(bytes.TrimSuffix(data[:start], []byte("\n")), []byte("\r"))); !n.d.endsBlock(before) {
			start = before
		}
	}
	cut := splice{at: start, n: end - start}
	if len(n.tree.children) > 1 {
		return []splice{cut}, nil
	}
	empty := " {}"
	if n.kind() == isList {
		empty = " []"
	}
	return []splice{{n.colon, 0, empty}, cut}, nil
}
