// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// yamlSyntax is YAML with block style on the way to the servers.
var yamlSyntax = syntax{
	blank: func(c Client, newline string) []byte {
		return []byte(strings.ReplaceAll(c.preamble, "\n", newline))
	},
	parse: func(text []byte, _ JSONStyle) (document, error) {
		d, err := parseYAML(text)
		if err != nil {
			return nil, err
		}
		return d, nil
	},
	nulls: true,
}

// yamlDoc is the parsed text of a YAML file without its byte order mark, by
// both the scanner, which knows where things are, and the parser, which knows
// what they are.
type yamlDoc struct {
	data    []byte
	newline string
	root    *yamlTree // nil: nothing but comments
	value   ast.Node
	blocks  []yamlBlock
}

// yamlTree is a value as the scanner sees it.
type yamlTree struct {
	span     // from the first byte to behind the last
	col      int
	kind     int  // yamlDash for a list, yamlKey for an object, or yamlValue
	props    bool // it has an anchor or a tag
	children []yamlChild
}

// yamlChild is an item of a list or a member of an object.
type yamlChild struct {
	span            // from its dash or key to behind its last byte
	colon int       // behind its dash or colon
	key   []byte    // as it is written
	value *yamlTree // nil: none
}

// parseYAML reads YAML. Errors: *SyntaxError.
func parseYAML(text []byte) (*yamlDoc, error) {
	if err := checkYAMLBytes(text); err != nil {
		return nil, err
	}
	d := &yamlDoc{data: text, newline: newlineOf(text)}
	file, err := d.parse()
	if err != nil {
		return nil, err
	}
	marks, blocks, err := scanYAML(text)
	if err != nil {
		return nil, err
	}
	if len(marks) == 0 {
		return d, nil
	}
	d.blocks = blocks
	b := yamlBuilder{data: text, marks: marks}
	d.root = b.tree()
	if b.wrong || b.next < len(marks) {
		return nil, errorAt(text, marks[min(b.next, len(marks)-1)].start, "indentation"+cannotEdit)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, errorAt(text, 0, "more than one document"+cannotEdit)
	}
	d.value = file.Docs[0].Body
	return d, nil
}

// checkYAMLBytes refuses what the parser must not get, and line breaks that
// parsers disagree about.
func checkYAMLBytes(text []byte) error {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return errorAt(text, 0, "the file is UTF-16, not UTF-8")
	}
	depth := 0
	for i, c := range text {
		switch {
		case c == '\r' && (i+1 == len(text) || text[i+1] != '\n'):
			return errorAt(text, i, "a line break that not all programs see")
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return errorAt(text, i, "nested too deeply")
			}
		case (c == ']' || c == '}') && depth > 0:
			depth--
		case c == '-' && bytes.HasPrefix(text[i:], manyDashes):
			return errorAt(text, i, "nested too deeply")
		}
	}
	if i := invalidUTF8(text); i >= 0 {
		return errorAt(text, i, "bytes that are not UTF-8")
	}
	for _, c := range []string{"\u0085", "\u2028", "\u2029"} {
		if i := bytes.Index(text, []byte(c)); i >= 0 {
			return errorAt(text, i, "a line break that not all programs see")
		}
	}
	return nil
}

// invalidUTF8 returns where a text is no UTF-8, -1 if it is all along.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

var manyDashes = bytes.Repeat([]byte("- "), 100)

// parse runs the parser.
func (d *yamlDoc) parse() (file *ast.File, err error) {
	defer func() {
		// It is known to fail so on some files that are no YAML.
		if recover() != nil {
			file, err = nil, errorAt(d.data, 0, "not YAML")
		}
	}()
	file, err = parser.ParseBytes(bytes.ReplaceAll(d.data, []byte("\r\n"), []byte("\n")), 0)
	if err == nil {
		return file, nil
	}
	var bad *yaml.SyntaxError
	if !errors.As(err, &bad) || bad.Token == nil || bad.Token.Position == nil {
		return nil, errorAt(d.data, 0, "not YAML")
	}
	msg := control.ReplaceAllString(bad.Message, " ")
	return nil, &SyntaxError{Line: max(1, bad.Token.Position.Line), Column: max(1, bad.Token.Position.Column), Msg: msg}
}

// yamlBuilder puts marks together to a tree.
type yamlBuilder struct {
	data  []byte
	marks []yamlMark
	next  int
	wrong bool
}

// tree builds the value that begins at the next mark.
func (b *yamlBuilder) tree() *yamlTree {
	first := b.marks[b.next]
	t := &yamlTree{span: first.span, col: first.col, kind: first.kind, props: first.props}
	if first.kind == yamlValue {
		b.next++
		return t
	}
	for b.next < len(b.marks) && b.marks[b.next].col == t.col && b.marks[b.next].kind == t.kind {
		m := b.marks[b.next]
		b.next++
		child := yamlChild{span: m.span, colon: m.end, key: m.key}
		if b.holds(m) {
			child.value = b.tree()
			child.end = max(child.end, child.value.end)
		}
		t.children = append(t.children, child)
		t.end = child.end
	}
	b.wrong = b.wrong || b.next < len(b.marks) && b.marks[b.next].col > t.col
	return t
}

// holds reports whether the next mark belongs to the key or dash m: it is
// deeper, or a dash below a key.
func (b *yamlBuilder) holds(m yamlMark) bool {
	if b.next == len(b.marks) {
		return false
	}
	next := b.marks[b.next]
	return next.col > m.col || next.col == m.col && m.kind == yamlKey && next.kind == yamlDash
}
