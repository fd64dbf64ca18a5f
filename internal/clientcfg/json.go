// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"strings"

	"github.com/tailscale/hujson"
)

// jsonSyntax is JSON, with comments and trailing commas or without.
var jsonSyntax = syntax{
	blank: func(_ Client, newline string) []byte { return []byte("{}" + newline) },
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
		return d.(*jsonDoc).checkStrict(f == JSONComments)
	},
}

// jsonDoc is the parsed text of a JSON file without its byte order mark.
type jsonDoc struct {
	data  []byte
	root  hujson.Value
	style style
}

func (d *jsonDoc) text() []byte { return d.data }

func (d *jsonDoc) walk(key []string) (node, []string, error) {
	v, missing, err := d.find(key)
	if err != nil {
		return nil, nil, err
	}
	return jsonNode{d, v}, missing, nil
}

// find is walk with a value for its result.
func (d *jsonDoc) find(key []string) (v *hujson.Value, missing []string, err error) {
	v = &d.root
	for i, k := range key {
		obj, ok := v.Value.(*hujson.Object)
		if !ok {
			return nil, nil, d.errorAt(v.StartOffset, "%s is not an object", keyText(key[:i]))
		}
		m, err := d.member(obj, k)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			return v, key[i:], nil
		}
		v = &m.Value
	}
	return v, nil, nil
}

// member returns the member of an object with that name, however its key is
// escaped; nil if there is none.
func (d *jsonDoc) member(obj *hujson.Object, name string) (*hujson.ObjectMember, error) {
	var found *hujson.ObjectMember
	for i := range obj.Members {
		m := &obj.Members[i]
		if keyOf(m) != name {
			continue
		}
		if found != nil {
			return nil, d.errorAt(m.Name.StartOffset, "%q is there twice", name)
		}
		found = m
	}
	return found, nil
}

func keyOf(m *hujson.ObjectMember) string {
	return m.Name.Value.(hujson.Literal).String()
}

// jsonNode is one value of a JSON document.
type jsonNode struct {
	d *jsonDoc
	v *hujson.Value
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

func (n jsonNode) names() []string {
	var all []string
	if obj, ok := n.v.Value.(*hujson.Object); ok {
		for i := range obj.Members {
			all = append(all, keyOf(&obj.Members[i]))
		}
	}
	return all
}

func (n jsonNode) member(name string) (node, error) {
	obj, ok := n.v.Value.(*hujson.Object)
	if !ok {
		return nil, nil
	}
	m, err := n.d.member(obj, name)
	if m == nil || err != nil {
		return nil, err
	}
	return jsonNode{n.d, &m.Value}, nil
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
	if arr, ok := n.v.Value.(*hujson.Array); ok {
		for i := range arr.Elements {
			all = append(all, jsonNode{n.d, &arr.Elements[i]})
		}
	}
	return all
}

func (n jsonNode) fail(msg string) error {
	return n.d.errorAt(n.v.StartOffset, "%s", msg)
}

func (n jsonNode) insert(f field) ([]splice, error) { return n.d.insert(n.v, f), nil }

func (n jsonNode) replace(value any, of node) ([]splice, error) {
	v := of.(jsonNode).v
	lines := strings.Contains(string(n.d.data[v.StartOffset:v.EndOffset]), "\n")
	return n.d.replace(n.v, value, lines), nil
}

func (n jsonNode) remove(name string) ([]splice, error) {
	for i, m := range n.v.Value.(*hujson.Object).Members {
		if keyOf(&m) == name {
			return n.d.remove(n.v, i), nil
		}
	}
	return nil, nil
}

// errorAt is a *SyntaxError at a byte offset.
func (d *jsonDoc) errorAt(offset int, format string, args ...any) error {
	return errorAt(d.data, offset, fmt.Sprintf(format, args...))
}
