// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
	"unicode/utf8"
)

// jsonSyntax is JSON, with comments and trailing commas or without.
var jsonSyntax = syntax{
	blank: func(_, newline string) []byte { return []byte("{}" + newline) },
	parse: func(text []byte, look JSONStyle) (document, error) {
		d, err := parseJSON(text, look)
		if err != nil {
			return nil, err
		}
		return d, nil
	},
	check: func(d document, f Format) error { return d.(*jsonDoc).checkStrict(f) },
}

// jsonDoc is the text of a JSON file without its byte order mark. It is known to be
// right, and nothing else of it is kept: a tree takes many times the memory of its
// text, and most of a large file is of no interest. Values are found where they
// are, each time that somebody looks.
type jsonDoc struct {
	data  []byte
	lines lineStarts
	root  span
	found jsonExtras
	style style
}

// parseJSON reads JSON with or without comments and trailing commas.
// Errors: *SyntaxError.
func parseJSON(text []byte, look JSONStyle) (*jsonDoc, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, errorAt(text, 0, "the file is UTF-16, not UTF-8")
	}
	root, found, err := checkJSON(text)
	if err != nil {
		return nil, err
	}
	d := &jsonDoc{data: text, lines: linesOf(text), root: root, found: found}
	d.style = d.detectStyle(look)
	return d, nil
}

// checkStrict refuses what a client with a plain JSON parser cannot read: trailing
// commas, and unless they are allowed comments.
func (d *jsonDoc) checkStrict(f Format) error {
	switch {
	case f == JSONC:
		return nil
	case f == JSON && d.found.comment >= 0 && (d.found.comma < 0 || d.found.comment < d.found.comma):
		return errorAt(d.data, d.found.comment, "comment, which the client does not accept")
	case d.found.comma >= 0:
		return errorAt(d.data, d.found.comma, "trailing comma, which the client does not accept")
	}
	return nil
}

func (d *jsonDoc) text() []byte { return d.data }

func (d *jsonDoc) node(v span) jsonNode { return jsonNode{d, v, -1} }

func (d *jsonDoc) walk(key []string) (node, []string, error) {
	v, missing, err := d.find(key)
	if err != nil {
		return nil, nil, err
	}
	return d.node(v), missing, nil
}

// find is walk with a value for its result.
func (d *jsonDoc) find(key []string) (v span, missing []string, err error) {
	v = d.root
	for i, k := range key {
		if d.data[v.start] != '{' {
			return v, nil, d.node(v).fail(keyText(key[:i]) + " is not an object")
		}
		m, err := find(d.node(v), k)
		if err != nil {
			return v, nil, err
		}
		if m == nil {
			return v, key[i:], nil
		}
		v = m.(jsonNode).span
	}
	return v, nil, nil
}

// unquote is the text of a string that is right. One without escapes is as it is
// written.
func unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(quoted) // not possible
	}
	return s
}

// jsonNode is one value of a JSON document.
type jsonNode struct {
	d *jsonDoc
	span
	key int // where its name begins; negative unless it is a member
}

func (n jsonNode) kind() kind {
	switch c := n.d.data[n.start]; c {
	case '{':
		return isObject
	case '[':
		return isList
	case '"':
		return isText
	case 'n':
		return isNull
	}
	return isNumber
}

// members have their names however their keys are escaped.
func (n jsonNode) members() (iter.Seq[member], error) {
	return func(yield func(member) bool) {
		if n.kind() != isObject {
			return
		}
		for m := range n.d.inside(n.span) {
			if !yield(member{name: n.d.name(m), node: jsonNode{n.d, m.value, m.name.start}}) {
				return
			}
		}
	}, nil
}

func (n jsonNode) str() string {
	switch n.kind() {
	case isObject, isList:
		return ""
	case isText:
		return unquote(n.d.data[n.start:n.end])
	}
	return string(n.d.data[n.start:n.end])
}

func (n jsonNode) items() iter.Seq[node] {
	return func(yield func(node) bool) {
		if n.kind() != isList {
			return
		}
		for m := range n.d.inside(n.span) {
			if !yield(n.d.node(m.value)) {
				return
			}
		}
	}
}

func (n jsonNode) fail(msg string) error { return errorAt(n.d.data, n.start, msg) }

func (n jsonNode) twice(name string) error {
	return errorAt(n.d.data, n.key, strconv.Quote(name)+" is there twice")
}

func (n jsonNode) insert(fields []field) (step, error) { return n.d.insert(n.span, fields), nil }

func (jsonNode) inPlace(any) bool { return true }

func (n jsonNode) replace(value any, of node) (step, error) {
	v := of.(jsonNode)
	lines := n.d.lines.start(v.start) != n.d.lines.start(v.end)
	return n.d.replace(n, value, lines), nil
}

func (n jsonNode) remove(names []string) (step, error) {
	return n.d.remove(n.span, setOf(names)), nil
}
