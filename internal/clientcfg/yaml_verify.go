// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// verifier compares what the parser says of all that is outside the entries of
// the change.
func (d *yamlDoc) verifier(e edit) (func(document) error, error) {
	return sameOthers(d, e), nil
}

// others is the digest of what is not the change's, each as its meaning.
func (d *yamlDoc) others(e edit) []byte {
	if d.root == nil || d.root.Kind != yaml.MappingNode {
		return newDigest().Sum(nil)
	}
	all := newDigest()
	for i := 0; i < len(d.root.Content); i += 2 {
		key, servers := d.root.Content[i], d.root.Content[i+1]
		if key.Value != e.layout.key[0] || !isBlock(servers) {
			if key.Value != e.layout.key[0] || len(servers.Content) > 0 {
				all.add(meaning(key, servers))
			}
			continue
		}
		if servers.Kind == yaml.MappingNode {
			for j := 0; j < len(servers.Content); j += 2 {
				if !e.affects(servers.Content[j].Value) {
					all.add(meaning(servers.Content[j : j+2]...))
				}
			}
			continue
		}
		for _, item := range servers.Content {
			if name := (yamlNode{d: d, value: item, flow: true}).name(); name == "" || !e.affects(name) {
				all.add(meaning(item))
			}
		}
	}
	return all.Sum(nil)
}

// meaning writes what nodes are, without their looks.
func meaning(nodes ...*yaml.Node) []byte {
	var b []byte
	var write func(n *yaml.Node)
	write = func(n *yaml.Node) {
		b = strconv.AppendInt(b, int64(n.Kind), 10)
		b = strconv.AppendQuote(b, n.ShortTag())
		b = strconv.AppendQuote(b, n.Anchor)
		b = strconv.AppendQuote(b, n.Value)
		b = append(b, '(')
		for _, c := range n.Content {
			write(c)
		}
		b = append(b, ')')
	}
	for _, n := range nodes {
		write(n)
	}
	return b
}
