// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/tailscale/hujson"
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
	check: func(d document, f Format) error {
		if f == JSONC {
			return nil
		}
		json := d.(*jsonDoc)
		if json.plain {
			return nil
		}
		return strictJSON{json.data, f == JSONComments}.check(json.root)
	},
}

// jsonDoc is the parsed text of a JSON file without its byte order mark.
type jsonDoc struct {
	data  []byte
	lines lineStarts
	root  hujson.Value
	plain bool // without comments and trailing commas, and folded
	style style
}

func (d *jsonDoc) text() []byte { return d.data }

func (d *jsonDoc) walk(key []string) (node, []string, error) {
	v, missing, err := d.find(key)
	if err != nil {
		return nil, nil, err
	}
	return jsonNode{d, v, nil}, missing, nil
}

// find is walk with a value for its result.
func (d *jsonDoc) find(key []string) (v *hujson.Value, missing []string, err error) {
	v = &d.root
	defer func() {
		if v != nil {
			d.unfold(v)
		}
	}()
	for i, k := range key {
		d.unfold(v)
		if _, ok := v.Value.(*hujson.Object); !ok {
			return nil, nil, d.errorAt(v.StartOffset, "%s is not an object", keyText(key[:i]))
		}
		m, err := find(jsonNode{d, v, nil}, k)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			return v, key[i:], nil
		}
		v = m.(jsonNode).v
	}
	return v, nil, nil
}

// keyOf is the name of a member. One without escapes is as it is written.
func keyOf(m *hujson.ObjectMember) string {
	lit := m.Name.Value.(hujson.Literal)
	if n := len(lit); n > 1 && bytes.IndexByte(lit, '\\') < 0 && utf8.Valid(lit) {
		return string(lit[1 : n-1])
	}
	return lit.String()
}

// jsonNode is one value of a JSON document.
type jsonNode struct {
	d   *jsonDoc
	v   *hujson.Value
	key *hujson.Value // nil unless it is a member
}

func (n jsonNode) kind() kind {
	switch n.v.Value.Kind() {
	case '{':
		return isObject
	case '[':
		return isList
	case '"':
		return isText
	case '0', 't', 'f':
		return isNumber
	case 'n':
		return isNull
	}
	return isOther
}

// members have their names however their keys are escaped.
func (n jsonNode) members() ([]member, error) {
	obj, ok := n.d.unfolded(n.v).Value.(*hujson.Object)
	if !ok {
		return nil, nil
	}
	all := make([]member, len(obj.Members))
	for i := range obj.Members {
		m := &obj.Members[i]
		all[i] = member{name: keyOf(m), node: jsonNode{n.d, &m.Value, &m.Name}}
	}
	return all, nil
}

func (n jsonNode) str() string {
	lit, ok := n.v.Value.(hujson.Literal)
	switch {
	case !ok:
		return ""
	case lit.Kind() == '"':
		return lit.String()
	}
	return string(lit)
}

func (n jsonNode) items() []node {
	var all []node
	if arr, ok := n.d.unfolded(n.v).Value.(*hujson.Array); ok {
		for i := range arr.Elements {
			all = append(all, jsonNode{n.d, &arr.Elements[i], nil})
		}
	}
	return all
}

func (n jsonNode) fail(msg string) error {
	return n.d.errorAt(n.v.StartOffset, "%s", msg)
}

func (n jsonNode) twice(name string) error {
	return n.d.errorAt(n.key.StartOffset, "%q is there twice", name)
}

func (n jsonNode) insert(fields []field) (step, error) {
	n.d.unfold(n.v)
	return n.d.insert(n.v, fields), nil
}

func (jsonNode) inPlace(any) bool { return true }

func (n jsonNode) replace(value any, of node) (step, error) {
	v := of.(jsonNode).v
	lines := n.d.lines.start(v.StartOffset) != n.d.lines.start(v.EndOffset)
	return n.d.replace(n.v, value, lines), nil
}

func (n jsonNode) remove(names []string) (step, error) {
	gone := map[string]bool{}
	for _, name := range names {
		gone[name] = true
	}
	n.d.unfold(n.v)
	return n.d.remove(n.v, func(m *hujson.ObjectMember) bool { return gone[keyOf(m)] }), nil
}

// errorAt is a *SyntaxError at a byte offset.
func (d *jsonDoc) errorAt(offset int, format string, args ...any) error {
	return errorAt(d.data, offset, fmt.Sprintf(format, args...))
}
