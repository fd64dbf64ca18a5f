// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"
)

// tomlDoc is the parsed text of a TOML file without its byte order mark. In
// TOML one table can be written at many places: under headers, in dotted keys
// and inline. All key-values of the file are kept in one list, those of inline
// tables too, each with the whole path of its key.
type tomlDoc struct {
	data    []byte
	newline string
	headers []*tomlHeader
	pairs   []*tomlPair
	root    tomlTable
}

// tomlHeader is a [table] or [[table]] line.
type tomlHeader struct {
	span  // of its brackets
	path  []string
	array bool
	below span // the last pair that stands under it, or itself
}

// tomlPair is one key = value.
type tomlPair struct {
	span   // from key to value
	path   []string
	header *tomlHeader // under which it stands; nil at the top of the file
	in     *tomlPair   // the inline table that it stands in; nil for a line of its own
	value  int         // where the value begins
	kind   kind
	word   string     // the value of a text, or a number as it is written
	list   []tomlItem // items of a list
}

// tomlItem is one item of a list.
type tomlItem struct {
	kind kind
	word string
}

// parseTOML reads TOML. Errors: *SyntaxError, errHeavy.
func parseTOML(text []byte) (*tomlDoc, error) {
	if err := checkTOMLWeight(text); err != nil {
		return nil, err
	}
	d := &tomlDoc{data: text, newline: newlineOf(text)}
	var p unstable.Parser
	p.Reset(text)
	var header *tomlHeader
	seen := newTOMLSeen()
	var twice error
	for p.NextExpression() {
		e := p.Expression()
		wrong, at := "", 0
		if e.Kind == unstable.KeyValue {
			pair := d.addPair(e, header, nil)
			wrong, at = seen.pair(pair.below()), pair.start
		} else {
			header = d.addHeader(e)
			wrong, at = seen.header(header.path, header.array), header.start+len("[")
		}
		if wrong != "" && twice == nil {
			twice = errorAt(text, at, wrong)
		}
	}
	if err := p.Error(); err != nil {
		return nil, d.parseError(&p, err)
	}
	if err := d.checkValues(); err != nil || twice != nil {
		return nil, cmp.Or(twice, err)
	}
	return d, nil
}

// below is the part of the pair's key that stands below its header.
func (p *tomlPair) below() []string {
	if p.header == nil {
		return p.path
	}
	return p.path[len(p.header.path):]
}

// addHeader adds a header. The parser does not tell where its brackets are, but
// where its keys are, and between them is only white space.
func (d *tomlDoc) addHeader(e *unstable.Node) *tomlHeader {
	h := &tomlHeader{array: e.Kind == unstable.ArrayTable}
	first := true
	for it := e.Key(); it.Next(); {
		h.path = append(h.path, string(it.Node().Data))
		if first {
			h.start = bytes.LastIndexByte(d.data[:it.Node().Raw.Offset], '[')
			first = false
		}
		h.end = int(it.Node().Raw.Offset + it.Node().Raw.Length)
	}
	h.end += bytes.IndexByte(d.data[h.end:], ']') + 1
	if h.array {
		h.start--
		h.end++
	}
	h.below = h.span
	d.headers = append(d.headers, h)
	t := d.root.make(h.path, h)
	t.headers = append(t.headers, h)
	return h
}

func (d *tomlDoc) addPair(e *unstable.Node, header *tomlHeader, in *tomlPair) *tomlPair {
	pair := &tomlPair{header: header, in: in, span: span{int(e.Raw.Offset), int(e.Raw.Offset + e.Raw.Length)}}
	switch {
	case in != nil:
		pair.path = slices.Clone(in.path)
	case header != nil:
		pair.path = slices.Clone(header.path)
	}
	for it := e.Key(); it.Next(); {
		pair.path = append(pair.path, string(it.Node().Data))
		pair.value = int(it.Node().Raw.Offset + it.Node().Raw.Length)
	}
	pair.value += bytes.IndexByte(d.data[pair.value:], '=') + 1
	pair.value += len(d.data[pair.value:]) - len(bytes.TrimLeft(d.data[pair.value:], " \t"))
	d.pairs = append(d.pairs, pair)
	t := d.root.make(pair.path, nil)
	t.pairs = append(t.pairs, pair)
	if header != nil && in == nil {
		header.below = pair.span
	}
	item := tomlItemOf(e.Value())
	pair.kind, pair.word = item.kind, item.word
	for it := e.Value().Children(); pair.kind != isText && it.Next(); {
		switch n := it.Node(); {
		case pair.kind == isObject:
			d.addPair(n, header, pair)
		case pair.kind == isList:
			pair.list = append(pair.list, tomlItemOf(n))
		}
	}
	return pair
}

func tomlItemOf(n *unstable.Node) tomlItem {
	switch n.Kind {
	case unstable.String:
		return tomlItem{isText, string(n.Data)}
	case unstable.Integer, unstable.Bool:
		return tomlItem{isNumber, string(n.Data)}
	case unstable.Array:
		return tomlItem{kind: isList}
	case unstable.InlineTable:
		return tomlItem{kind: isObject}
	}
	return tomlItem{kind: isOther}
}

// parseError is the parser's error as a *SyntaxError. Its messages quote at
// most a character of the file.
func (d *tomlDoc) parseError(p *unstable.Parser, err error) error {
	var bad *unstable.ParserError
	if !errors.As(err, &bad) || cap(bad.Highlight) == 0 {
		return errorAt(d.data, 0, "not TOML")
	}
	at := min(int(p.Range(bad.Highlight).Offset), len(d.data))
	return errorAt(d.data, at, bad.Message)
}
