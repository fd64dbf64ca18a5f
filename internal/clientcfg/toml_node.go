// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"iter"
	"slices"
	"strings"
)

// tomlSyntax is TOML with one table per server.
var tomlSyntax = syntax{
	blank: func(string, string) []byte { return nil },
	parse: func(text []byte, _ JSONStyle) (document, error) {
		d, err := parseTOML(text)
		if err != nil {
			return nil, err
		}
		return d, nil
	},
	implicit: true,
}

func (d *tomlDoc) text() []byte { return d.data }

// walk returns a node for the whole path even if keys are missing: a table need
// not be written down before something is put into it.
func (d *tomlDoc) walk(key []string) (node, []string, error) {
	var missing []string
	for i := range key {
		n, err := d.node(key[:i+1])
		if err != nil {
			return nil, nil, err
		}
		if n.pair != nil && n.pair.kind != isObject {
			return nil, nil, n.fail(keyText(key[:i+1]) + " is not a table")
		}
		if missing == nil && d.root.at(key[:i+1]) == nil {
			missing = key[i:]
		}
	}
	n, err := d.node(key)
	return n, missing, err
}

// tomlNode is the value at a path: that of a pair, or a table that has no pair
// of its own but headers and dotted keys.
type tomlNode struct {
	d     *tomlDoc
	path  []string
	table *tomlTable // nil: nothing is there
	pair  *tomlPair  // nil for such a table
}

// node returns the value at a path. An array of tables there is an error, as it
// cannot be an entry nor hold entries.
func (d *tomlDoc) node(path []string) (tomlNode, error) {
	n := tomlNode{d: d, path: path, table: &d.root}
	for _, name := range path {
		if n.table = n.table.children[name]; n.table == nil {
			return n, nil
		}
		for _, h := range n.table.headers {
			if h.array {
				return tomlNode{}, errorAt(d.data, h.start, keyText(h.path)+" is a list of tables")
			}
		}
	}
	if pairs := n.table.pairs; len(pairs) > 0 {
		n.pair = pairs[len(pairs)-1]
	}
	return n, nil
}

// hasPath reports whether path begins with prefix.
func hasPath(path, prefix []string) bool {
	return len(path) >= len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}

func (n tomlNode) kind() kind {
	if n.pair != nil {
		return n.pair.kind
	}
	return isObject
}

func (n tomlNode) members() (iter.Seq[member], error) {
	return func(yield func(member) bool) {
		if n.kind() != isObject || n.table == nil {
			return
		}
		for _, name := range n.table.names {
			m, err := n.d.node(append(slices.Clone(n.path), name))
			if !yield(member{name: name, node: m, err: err}) {
				return
			}
		}
	}, nil
}

func (n tomlNode) str() string {
	if n.pair == nil {
		return ""
	}
	return n.pair.word
}

func (n tomlNode) items() iter.Seq[node] {
	return func(yield func(node) bool) {
		if n.pair == nil {
			return
		}
		for _, item := range n.pair.list {
			if !yield(tomlNode{d: n.d, pair: &tomlPair{kind: item.kind, word: item.word, span: n.pair.span}}) {
				return
			}
		}
	}
}

func (n tomlNode) fail(msg string) error {
	at := len(n.d.data)
	switch {
	case n.pair != nil:
		at = n.pair.start
	default:
		for _, h := range n.table.allHeaders() {
			at = min(at, h.start)
		}
	}
	return errorAt(n.d.data, at, msg)
}

// twice is not needed: the parser has seen to it.
func (n tomlNode) twice(name string) error {
	return n.fail(keyText([]string{name}) + " is there twice")
}

// lines are the pairs with a line of their own whose path begins with that of
// n, in the order of the file.
func (n tomlNode) lines() []*tomlPair {
	return slices.DeleteFunc(n.table.all(), func(p *tomlPair) bool { return p.in != nil })
}

// header is the header of exactly this table, nil if it has none.
func (n tomlNode) header() *tomlHeader {
	if n.table == nil || len(n.table.headers) == 0 {
		return nil
	}
	return n.table.headers[0] // there are no lists of tables on the way
}

// tomlKey writes a key, dotted if the path has more than one part.
func tomlKey(path []string) string {
	parts := make([]string, len(path))
	for i, p := range path {
		parts[i] = p
		if p == "" || strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			parts[i] = tomlQuote(p)
		}
	}
	return strings.Join(parts, ".")
}
