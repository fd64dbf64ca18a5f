// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"slices"
	"strings"
)

// tomlSyntax is TOML with one table per server.
var tomlSyntax = syntax{
	blank: func(Client, string) []byte { return nil },
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
		if missing == nil && !d.has(key[:i+1]) {
			missing = key[i:]
		}
	}
	n, err := d.node(key)
	return n, missing, err
}

// has reports whether there is something at a path.
func (d *tomlDoc) has(path []string) bool {
	return slices.ContainsFunc(d.headers, func(h *tomlHeader) bool { return hasPath(h.path, path) }) ||
		slices.ContainsFunc(d.pairs, func(p *tomlPair) bool { return hasPath(p.path, path) })
}

// tomlNode is the value at a path: that of a pair, or a table that has no pair
// of its own but headers and dotted keys.
type tomlNode struct {
	d    *tomlDoc
	path []string
	pair *tomlPair // nil for such a table
}

// node returns the value at a path. An array of tables there is an error, as it
// cannot be an entry nor hold entries.
func (d *tomlDoc) node(path []string) (tomlNode, error) {
	for _, h := range d.headers {
		if h.array && len(h.path) <= len(path) && hasPath(path, h.path) {
			return tomlNode{}, errorAt(d.data, h.start, keyText(h.path)+" is a list of tables")
		}
	}
	n := tomlNode{d: d, path: path}
	for _, p := range d.pairs {
		if slices.Equal(p.path, path) {
			n.pair = p
		}
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

func (n tomlNode) names() []string {
	type place struct {
		at   int
		name string
	}
	var all []place
	add := func(at int, path []string) {
		if len(path) > len(n.path) && hasPath(path, n.path) {
			all = append(all, place{at, path[len(n.path)]})
		}
	}
	for _, h := range n.d.headers {
		add(h.start, h.path)
	}
	for _, p := range n.d.pairs {
		add(p.start, p.path)
	}
	slices.SortFunc(all, func(a, b place) int { return a.at - b.at })
	var names []string
	for _, p := range all {
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

func (n tomlNode) member(name string) (node, error) {
	if n.kind() != isObject || !slices.Contains(n.names(), name) {
		return nil, nil
	}
	m, err := n.d.node(append(slices.Clone(n.path), name))
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (n tomlNode) str() string {
	if n.pair == nil {
		return ""
	}
	return n.pair.word
}

func (n tomlNode) items() []node {
	if n.pair == nil {
		return nil
	}
	var all []node
	for _, item := range n.pair.list {
		all = append(all, tomlNode{d: n.d, pair: &tomlPair{kind: item.kind, word: item.word, span: n.pair.span}})
	}
	return all
}

func (n tomlNode) fail(msg string) error {
	at := len(n.d.data)
	if n.pair != nil {
		at = n.pair.start
	}
	for _, h := range n.d.headers {
		if n.pair == nil && hasPath(h.path, n.path) {
			at = min(at, h.start)
		}
	}
	return errorAt(n.d.data, at, msg)
}

// lines are the pairs with a line of their own whose path begins with that of
// n, in the order of the file.
func (n tomlNode) lines() []*tomlPair {
	var all []*tomlPair
	for _, p := range n.d.pairs {
		if p.in == nil && hasPath(p.path, n.path) {
			all = append(all, p)
		}
	}
	return all
}

// header is the header of exactly this table, nil if it has none.
func (n tomlNode) header() *tomlHeader {
	for _, h := range n.d.headers {
		if !h.array && slices.Equal(h.path, n.path) {
			return h
		}
	}
	return nil
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
