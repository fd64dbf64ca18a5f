// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

func (d *yamlDoc) text() []byte { return d.data }

// yamlNode is one value of a YAML document.
type yamlNode struct {
	d     *yamlDoc
	tree  *yamlTree // nil: nothing is written, or it is inside of flow style
	value ast.Node  // nil: the root of a file without content
	at    int       // for errors
	colon int       // behind the dash or colon before it
	col   int       // column of the key or dash before it; -1 for the root
	flow  bool      // it is inside of a [list] or an {object}
}

func (d *yamlDoc) walk(key []string) (node, []string, error) {
	n := yamlNode{d: d, tree: d.root, value: d.value, col: -1}
	if n.kind() != isObject && n.value != nil {
		return nil, nil, n.fail("the file is not an object")
	}
	for i, k := range key {
		if n.kind() != isObject {
			if n.value != nil {
				return nil, nil, n.fail(keyText(key[:i]) + " is not an object")
			}
			return n, key[i:], nil
		}
		m, err := n.member(k)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			return n, key[i:], nil
		}
		n = m.(yamlNode)
	}
	_, _, err := n.members()
	return n, nil, err
}

func (n yamlNode) kind() kind {
	switch n.value.(type) {
	case *ast.MappingNode:
		return isObject
	case *ast.SequenceNode:
		return isList
	case *ast.StringNode, *ast.LiteralNode:
		return isText
	case *ast.IntegerNode, *ast.BoolNode:
		return isNumber
	case *ast.NullNode:
		return isNull
	}
	return isOther
}

func (n yamlNode) str() string {
	switch v := n.value.(type) {
	case *ast.StringNode:
		return v.Value
	case *ast.LiteralNode:
		return v.Value.Value
	case *ast.IntegerNode, *ast.BoolNode:
		return v.GetToken().Value
	}
	return ""
}

func (n yamlNode) fail(msg string) error { return errorAt(n.d.data, n.at, msg) }

// unsure is the refusal of a place where scanner and parser do not agree.
func (n yamlNode) unsure() error { return n.fail("YAML of a kind" + cannotEdit) }

// members returns the values of an object or a list with their keys, "" for
// items. It is an error if the scanner sees something else than the parser.
func (n yamlNode) members() ([]string, []yamlNode, error) {
	var keys []string
	var values []ast.Node
	kind := yamlDash
	switch v := n.value.(type) {
	case *ast.MappingNode:
		kind = yamlKey
		for _, m := range v.Values {
			key, ok := yamlKeyText(m.Key)
			if !ok {
				return nil, nil, n.fail("a key of this kind" + cannotEdit)
			}
			keys = append(keys, key)
			values = append(values, m.Value)
		}
	case *ast.SequenceNode:
		keys = make([]string, len(v.Values))
		values = v.Values
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return nil, nil, n.fail("an anchor, an alias or a tag" + cannotEdit)
	}
	all := make([]yamlNode, len(values))
	for i, v := range values {
		all[i] = yamlNode{d: n.d, value: v, at: n.at, flow: true}
	}
	if n.flow || n.tree == nil || n.tree.kind == yamlValue {
		return keys, all, nil
	}
	if n.tree.kind != kind || len(n.tree.children) != len(all) {
		return nil, nil, n.unsure()
	}
	for i, c := range n.tree.children {
		if kind == yamlKey && !sameYAMLKey(c.key, keys[i]) {
			return nil, nil, n.unsure()
		}
		all[i] = yamlNode{d: n.d, tree: c.value, value: values[i], at: c.start, colon: c.colon, col: n.tree.col}
	}
	return keys, all, nil
}

// yamlKeyText returns a key. A merge key has no text: what it brings in cannot
// be seen here.
func yamlKeyText(key ast.MapKeyNode) (string, bool) {
	switch k := key.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.MergeKeyNode, *ast.MappingKeyNode:
		return "", false
	}
	return key.GetToken().Value, true
}

// sameYAMLKey compares a key as it is written with what the parser makes of it.
// One with escapes is taken on trust.
func sameYAMLKey(written []byte, key string) bool {
	if n := len(written); n > 1 && (written[0] == '"' || written[0] == '\'') {
		inner := string(written[1 : n-1])
		return inner == key || strings.ContainsAny(inner, `\'`)
	}
	return string(written) == key
}

func (n yamlNode) names() []string {
	keys, values, err := n.members()
	if err != nil || n.kind() != isList {
		return keys
	}
	for i, v := range values {
		keys[i] = v.name()
	}
	return keys
}

// name is the name of an item of a list, "" if it has none.
func (n yamlNode) name() string {
	if n.kind() != isObject {
		return ""
	}
	m, err := n.member("name")
	if m == nil || err != nil || m.kind() != isText {
		return ""
	}
	return m.str()
}

func (n yamlNode) member(name string) (node, error) {
	_, values, err := n.members()
	if err != nil {
		return nil, err
	}
	found := -1
	for i, key := range n.names() {
		if key != name || name == "" && n.kind() == isList {
			continue
		}
		if found >= 0 {
			return nil, values[i].fail(`"` + name + `" is there twice`)
		}
		found = i
	}
	if found < 0 {
		return nil, nil
	}
	return values[found], nil
}

func (n yamlNode) items() []node {
	_, values, err := n.members()
	if err != nil || n.kind() != isList {
		return nil
	}
	var all []node
	for _, v := range values {
		all = append(all, v)
	}
	return all
}
