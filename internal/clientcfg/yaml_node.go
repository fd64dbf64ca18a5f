// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"iter"

	"go.yaml.in/yaml/v4"
)

func (d *yamlDoc) text() []byte { return d.data }

// yamlNode is one value of a YAML document.
type yamlNode struct {
	d     *yamlDoc
	value *yaml.Node // nil: the root of a file without content
	at    int        // of its key or dash
	colon int        // behind the dash or colon before it
	col   int        // column of the key or dash before it; -1 for the root
	flow  bool       // it is inside of a [list] or an {object}
}

func (d *yamlDoc) walk(key []string) (node, []string, error) {
	n := yamlNode{d: d, value: d.root, col: -1}
	if n.value != nil {
		n.at = d.offset(n.value)
	}
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
		m, err := find(n, k)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			return n, key[i:], nil
		}
		n = m.(yamlNode)
	}
	_, _, err := n.children()
	return n, nil, err
}

// hasProps reports whether other places may refer to a node, or something else
// than its text says what it is.
func hasProps(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0
}

func (n yamlNode) kind() kind {
	if n.value == nil || hasProps(n.value) {
		return isOther
	}
	switch n.value.Kind {
	case yaml.MappingNode:
		return isObject
	case yaml.SequenceNode:
		return isList
	}
	switch n.value.ShortTag() {
	case "!!str", "!!timestamp":
		return isText
	case "!!int", "!!bool", "!!float":
		return isNumber
	case "!!null":
		return isNull
	}
	return isOther
}

func (n yamlNode) str() string {
	if k := n.kind(); k == isText || k == isNumber {
		return n.value.Value
	}
	return ""
}

func (n yamlNode) fail(msg string) error { return errorAt(n.d.data, n.at, msg) }

func (n yamlNode) twice(name string) error { return n.fail(fmt.Sprintf("%q is there twice", name)) }

// unsure is the refusal of a place where extents and parser do not agree.
func (n yamlNode) unsure() error { return n.fail("YAML of a kind" + cannotEdit) }

// children returns the values of an object or a list with their keys, "" for
// items. It is an error if something else than white space and comments is
// between one of them and the next.
func (n yamlNode) children() ([]string, []yamlNode, error) {
	if n.value == nil {
		return nil, nil, nil
	}
	if hasProps(n.value) {
		return nil, nil, n.fail("an anchor, an alias or a tag" + cannotEdit)
	}
	switch flow := n.flow || n.value.Style&yaml.FlowStyle != 0; {
	case n.value.Kind == yaml.MappingNode:
		return n.pairs(flow)
	case n.value.Kind == yaml.SequenceNode:
		return n.listed(flow)
	}
	return nil, nil, nil
}

// pairs are the children of an object.
func (n yamlNode) pairs(flow bool) (keys []string, all []yamlNode, err error) {
	content := n.value.Content
	keys, all = make([]string, 0, len(content)/2), make([]yamlNode, 0, len(content)/2)
	next := -1
	if !flow { // finding a place takes as long as its line
		next = n.d.start(n.value)
	}
	for i := 0; i < len(content); i += 2 {
		key := content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			return nil, nil, n.fail("a key of this kind" + cannotEdit)
		}
		c := yamlNode{d: n.d, value: content[i+1], at: n.at, flow: flow}
		if !flow {
			c.at, c.col = n.d.offset(key), n.d.column(n.value)
			if c.colon = n.d.colon(key, c.at); c.colon < 0 {
				return nil, nil, c.fail("a key of this kind" + cannotEdit)
			}
			end := c.end()
			if c.at != next || end < 0 {
				return nil, nil, c.unsure()
			}
			next = n.d.skip(end)
		}
		keys, all = append(keys, key.Value), append(all, c)
	}
	return keys, all, nil
}

// colon returns where the colon of a key ends, -1 if it is not beside it.
func (d *yamlDoc) colon(key *yaml.Node, at int) int {
	end := d.quotedEnd(at)
	if text := line(d.data[at:]); end < 0 {
		if hasProps(key) || len(text) < len(key.Value) || string(text[:len(key.Value)]) != key.Value {
			return -1
		}
		end = at + len(key.Value)
	}
	if bytes.ContainsRune(d.data[at:end], '\n') {
		return -1
	}
	for d.at(end) == ' ' || d.at(end) == '\t' {
		end++
	}
	if d.at(end) != ':' || !isSpace(d.at(end+1)) {
		return -1
	}
	return end + 1
}

// listed are the children of a list.
func (n yamlNode) listed(flow bool) (keys []string, all []yamlNode, err error) {
	keys, all = make([]string, 0, len(n.value.Content)), make([]yamlNode, 0, len(n.value.Content))
	next := -1
	if !flow {
		next = n.d.start(n.value)
	}
	for _, v := range n.value.Content {
		c := yamlNode{d: n.d, value: v, at: n.at, flow: flow}
		if !flow {
			c.at, c.colon, c.col = next, next+1, n.d.column(n.value)
			end := c.end()
			if n.d.at(next) != '-' || end < c.colon || n.d.skip(c.colon) != n.d.skip(n.d.offset(v)) {
				return nil, nil, c.unsure()
			}
			next = n.d.skip(end)
		}
		keys, all = append(keys, ""), append(all, c)
	}
	return keys, all, nil
}

// end is where the value ends; -1 if that cannot be told.
func (n yamlNode) end() int { return n.d.end(n.value, n.col) }

func (n yamlNode) members() (iter.Seq[member], error) {
	keys, values, err := n.children()
	if err != nil {
		return nil, err
	}
	return func(yield func(member) bool) {
		for i, v := range values {
			name := keys[i]
			if n.kind() == isList {
				name = v.name()
			}
			if (name != "" || n.kind() != isList) && !yield(member{name: name, node: v}) {
				return
			}
		}
	}, nil
}

// name is the name of an item of a list, "" if it has none.
func (n yamlNode) name() string {
	if n.kind() != isObject {
		return ""
	}
	m, err := find(n, "name")
	if m == nil || err != nil || m.kind() != isText {
		return ""
	}
	return m.str()
}

func (n yamlNode) items() iter.Seq[node] {
	return func(yield func(node) bool) {
		_, values, err := n.children()
		if err != nil || n.kind() != isList {
			return
		}
		for _, v := range values {
			if !yield(v) {
				return
			}
		}
	}
}
