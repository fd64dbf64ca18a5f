// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// yamlSyntax is YAML with block style on the way to the servers.
var yamlSyntax = syntax{
	blank: func(preamble, newline string) []byte {
		return []byte(strings.ReplaceAll(preamble, "\n", newline))
	},
	parse: func(text []byte, _ JSONStyle) (document, error) {
		d, err := parseYAML(text)
		if err != nil {
			return nil, err
		}
		return d, nil
	},
	nulls: true,
}

// yamlDoc is the parsed text of a YAML file without its byte order mark.
type yamlDoc struct {
	yamlText
	newline string
	root    *yaml.Node // nil: nothing but comments
	unit    int        // one step of indentation of objects
}

const cannotEdit = ", which cannot be edited safely"

// parseYAML reads YAML. Errors: *SyntaxError, errHeavy.
func parseYAML(text []byte) (*yamlDoc, error) {
	if err := checkYAMLBytes(text); err != nil {
		return nil, err
	}
	if err := checkYAMLWeight(text); err != nil {
		return nil, err
	}
	d := &yamlDoc{yamlText: yamlText{text, linesOf(text)}, newline: newlineOf(text), unit: 2}
	if err := d.load(); err != nil {
		return nil, err
	}
	if err := d.checkMarkers(); err != nil {
		return nil, err
	}
	if d.root == nil {
		return d, nil
	}
	if err := d.checkTwice(d.root); err != nil {
		return nil, err
	}
	for _, v := range d.root.Content {
		if isBlock(v) && v.Kind == yaml.MappingNode {
			d.unit = max(1, v.Content[0].Column-d.root.Column)
			break
		}
	}
	return d, nil
}

// load runs the parser.
func (d *yamlDoc) load() error {
	loader, err := yaml.NewLoader(bytes.NewReader(d.data), yaml.WithPlugin(yamlLimits{}))
	if err != nil {
		return err
	}
	var file, next yaml.Node
	if err := loader.Load(&file); err != nil {
		return d.loadError(err)
	}
	switch err := loader.Load(&next); {
	case err == nil:
		return d.failAt(&next, "more than one document"+cannotEdit)
	case !errors.Is(err, io.EOF):
		return d.loadError(err)
	}
	if root := file.Content[0]; !isNothing(root) {
		d.root = root
	}
	return nil
}

// yamlLimits bounds the nesting of a file. Aliases are not followed.
type yamlLimits struct{}

func (yamlLimits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return errcode.New(errcode.ConfigFormat, "nested too deeply")
	}
	return nil
}

func (yamlLimits) CheckAlias(int, int) error { return nil }

// loadError is the parser's error as a *SyntaxError; none for a file of comments.
func (d *yamlDoc) loadError(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	var bad *yaml.LoadError
	if !errors.As(err, &bad) {
		return errorAt(d.data, 0, "not YAML")
	}
	mark := bad.Mark
	if bad.ContextMark.Line > 0 && strings.HasSuffix(bad.Message, "end of stream") {
		mark = bad.ContextMark // where the text begins that has no end
	}
	msg := control.ReplaceAllString(bad.Message, " ")
	return &SyntaxError{Line: max(1, mark.Line), Column: max(1, mark.Column), Msg: cmp.Or(msg, "not YAML")}
}

func (d *yamlDoc) failAt(n *yaml.Node, msg string) error {
	return &SyntaxError{Line: n.Line, Column: n.Column, Msg: msg}
}

// checkMarkers refuses what may stand before and after the one document.
func (d *yamlDoc) checkMarkers() error {
	before := len(d.data)
	if d.root != nil {
		before = d.offset(d.root)
	}
	for at := 0; at < len(d.data); at = lineEnd(d.data, at) {
		switch text := line(d.data[at:]); {
		case isMarker(text, "..."):
			return errorAt(d.data, at, "an end of the document"+cannotEdit)
		case at <= before && bytes.HasPrefix(text, []byte("%")):
			return errorAt(d.data, at, "a directive"+cannotEdit)
		case at < before && isMarker(text, "---") && d.lines.start(before) == at && d.root != nil:
			return errorAt(d.data, before, "content beside ---"+cannotEdit)
		}
	}
	return nil
}

func isMarker(text []byte, marker string) bool {
	rest, ok := bytes.CutPrefix(text, []byte(marker))
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r"), rest[0]) >= 0)
}

// checkTwice refuses keys that are there twice. The parser takes them, and most
// programs do not.
func (d *yamlDoc) checkTwice(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		if c := keyTwice(n); c != nil {
			return d.failAt(c, fmt.Sprintf("%q is there twice", c.Value))
		}
	}
	for _, c := range n.Content {
		if err := d.checkTwice(c); err != nil {
			return err
		}
	}
	return nil
}

// keyTwice returns the first key of an object that is there for the second time; nil if
// there is none. It begins with a number for each, as checkOnce does.
func keyTwice(n *yaml.Node) *yaml.Node {
	keys := func(yield func(*yaml.Node, uint64) bool) {
		for i := 0; i < len(n.Content); i += 2 {
			c := n.Content[i]
			if c.Kind == yaml.ScalarNode && !yield(c, sumOf(c.ShortTag(), c.Value)) {
				return
			}
		}
	}
	sums := make([]uint64, 0, len(n.Content)/2)
	for _, sum := range keys {
		sums = append(sums, sum)
	}
	twice := twiceIn(sums)
	seen := map[[2]string]bool{}
	for c, sum := range keys {
		key := [2]string{c.ShortTag(), c.Value}
		if twice[sum] && seen[key] {
			return c
		}
		if twice[sum] {
			seen[key] = true
		}
	}
	return nil
}

// checkYAMLBytes refuses what the parser must not get, and line breaks that
// parsers disagree about.
func checkYAMLBytes(text []byte) error {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return errorAt(text, 0, "the file is UTF-16, not UTF-8")
	}
	for i, c := range text {
		if c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			return errorAt(text, i, "a line break that not all programs see")
		}
	}
	if i := invalidUTF8(text); i >= 0 {
		return errorAt(text, i, "bytes that are not UTF-8")
	}
	for _, c := range []string{"\u0085", "\u2028", "\u2029"} {
		if i := bytes.Index(text, []byte(c)); i >= 0 {
			return errorAt(text, i, "a line break that not all programs see")
		}
	}
	return nil
}

// invalidUTF8 returns where a text is no UTF-8, -1 if it is all along.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
