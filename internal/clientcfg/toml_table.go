// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "sort"

// tomlTable is what there is at a path and below it, in the order of the file.
type tomlTable struct {
	children map[string]*tomlTable
	names    []string // of the children
	headers  []*tomlHeader
	pairs    []*tomlPair
	last     *tomlHeader // the last one here or below
}

// at returns the table at a path; nil if there is none.
func (t *tomlTable) at(path []string) *tomlTable {
	for _, name := range path {
		if t = t.children[name]; t == nil {
			return nil
		}
	}
	return t
}

// make returns the table at a path, which it makes. A header is noted all along.
func (t *tomlTable) make(path []string, h *tomlHeader) *tomlTable {
	for _, name := range path {
		if h != nil {
			t.last = h
		}
		next := t.children[name]
		if next == nil {
			if t.children == nil {
				t.children = map[string]*tomlTable{}
			}
			next = &tomlTable{}
			t.children[name] = next
			t.names = append(t.names, name)
		}
		t = next
	}
	if h != nil {
		t.last = h
	}
	return t
}

// each visits a table and those below it.
func (t *tomlTable) each(visit func(*tomlTable)) {
	if t == nil {
		return
	}
	visit(t)
	for _, name := range t.names {
		t.children[name].each(visit)
	}
}

// all returns the pairs at a path and below it, in the order of the file.
func (t *tomlTable) all() []*tomlPair {
	var pairs []*tomlPair
	t.each(func(t *tomlTable) { pairs = append(pairs, t.pairs...) })
	sort.SliceStable(pairs, func(i, j int) bool { return pairs[i].start < pairs[j].start })
	return pairs
}

// allHeaders returns the headers at a path and below it, in any order.
func (t *tomlTable) allHeaders() []*tomlHeader {
	var headers []*tomlHeader
	t.each(func(t *tomlTable) { headers = append(headers, t.headers...) })
	return headers
}
