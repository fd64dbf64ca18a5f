// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// syntax is what is particular to a format.
type syntax struct {
	// blank is the text to begin a new file with.
	blank func(preamble, newline string) []byte
	parse func(text []byte, look JSONStyle) (document, error)
	// check refuses what the client's parser does not take; nil: nothing.
	check func(d document, f Format) error
	nulls bool // null where the servers should be means that there are none
	// implicit: what is missing on the way to the servers need not be made, and
	// walk returns a node for the whole way.
	implicit bool
}

var syntaxes = map[Format]syntax{
	JSON:         jsonSyntax,
	JSONComments: jsonSyntax,
	JSONC:        jsonSyntax,
	TOML:         tomlSyntax,
	YAML:         yamlSyntax,
}

// change is what is to be done to one file.
type change struct {
	set    map[string]Entry
	remove []string
	force  bool     // entries of other programs may be replaced and removed
	self   []string // programs whose entries are ours, whatever their names
	look   JSONStyle
}

// editor edits the texts of one client's files, and touches no file.
type editor struct {
	format    Format
	layouts   []layout // where the servers may be, at least one
	preamble  string   // what a new text needs besides the servers
	noMark    bool     // the client takes no byte order mark
	check     func(Entry) error
	checkName func(name string) error // of a new entry
}

var utf8BOM = []byte("\xef\xbb\xbf")

// apply carries out a change.
func (ed editor) apply(ctx context.Context, data []byte, ch change) ([]byte, error) {
	for _, e := range maps.All(ch.set) {
		if err := ed.check(e); err != nil {
			return nil, err
		}
	}
	before, layout, err := ed.open(data, ch.look)
	if before == nil && err == nil {
		if len(ch.set) == 0 {
			return data, nil
		}
		before, layout, err = ed.start(data, ch.look)
	}
	if err != nil {
		return nil, err
	}
	edit := newEdit(layout, ch, syntaxes[ed.format])
	edit.checkName = ed.checkName
	verify, err := before.verifier(edit)
	if err != nil {
		return nil, err
	}
	after, changed, err := edit.run(ctx, before)
	if err != nil {
		return nil, err
	}
	if !changed {
		return data, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := verify(after); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, utf8BOM) {
		return append(bytes.Clone(utf8BOM), after.text()...), nil
	}
	return after.text(), nil
}

// open parses a file; nil if there is nothing in it.
func (ed editor) open(data []byte, look JSONStyle) (document, layout, error) {
	s, ok := syntaxes[ed.format]
	if !ok {
		return nil, layout{}, ErrFormat
	}
	text, marked := bytes.CutPrefix(data, utf8BOM)
	if marked && ed.noMark {
		return nil, layout{}, &SyntaxError{Line: 1, Column: 1, Msg: "byte order mark, which the client does not accept: save the file as UTF-8 without it"}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, layout{}, nil
	}
	d, err := s.parse(text, look)
	if err != nil {
		return nil, layout{}, err
	}
	if s.check != nil {
		if err := s.check(d, ed.format); err != nil {
			return nil, layout{}, err
		}
	}
	l, err := ed.layoutOf(d)
	return d, l, err
}

// start is the document to begin with in the place of data, a blank file.
func (ed editor) start(data []byte, look JSONStyle) (document, layout, error) {
	s := syntaxes[ed.format]
	d, err := s.parse(s.blank(ed.preamble, newlineOf(bytes.TrimPrefix(data, utf8BOM))), look)
	if err != nil {
		return nil, layout{}, err
	}
	l, err := ed.layoutOf(d)
	return d, l, err
}

// layoutOf chooses where in the document the servers are: the first place of
// the client's that is there, or else the first for new files. A place that
// cannot be read, since its key is there twice, is chosen too, for the error
// that it leads to. *[UnknownFileError] if there is no layout for new files.
func (ed editor) layoutOf(d document) (layout, error) {
	for _, l := range ed.layouts {
		n, missing, err := d.walk(l.key)
		if err != nil || len(missing) == 0 && n.kind() == l.holder() && !isServer(n) && (l.like == nil || l.like(n)) {
			return l, nil
		}
	}
	for _, l := range ed.layouts {
		if !l.found {
			return l, nil
		}
	}
	return layout{}, &UnknownFileError{Old: oldShape(d)}
}

// oldShape names what is written in the old shape that VS Code reads no more.
func oldShape(d document) bool {
	n, missing, err := d.walk([]string{"mcp", "servers"})
	return err == nil && len(missing) == 0 && n.kind() == isObject
}

// isServer tells an entry from an object of entries.
func isServer(n node) bool {
	for _, name := range []string{"command", "url"} {
		m, err := find(n, name)
		if err == nil && m != nil && m.kind() != isObject {
			return true
		}
	}
	return false
}

// edit is one change to one document.
type edit struct {
	layout  layout
	change  change
	syntax  syntax
	removed map[string]bool // the names of change.remove

	checkName func(name string) error // of a new entry
}

func newEdit(l layout, ch change, s syntax) edit {
	return edit{layout: l, change: ch, syntax: s, removed: setOf(ch.remove)}
}

// errLoop and errVerify mean that the editor has a bug; the file is untouched.
var (
	errLoop   = errcode.New(errcode.Internal, "internal error: the edit does not come to an end")
	errVerify = errcode.New(errcode.Internal, "internal error: the edit would change more than the servers")
)

// maxSteps is far beyond what any edit needs. How many steps there are depends
// on how entries are written, not on how many there are.
const maxSteps = 100

// run returns the document after all changes, and whether there were any. It
// parses the text again after each step, until nothing is left to do: offsets
// are never stale, and having ended proves that the text has what it should.
func (e edit) run(ctx context.Context, d document) (after document, changed bool, err error) {
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		next, err := e.next(d)
		if err != nil {
			return nil, false, err
		}
		if next == nil {
			return d, changed, nil
		}
		text := apply(d.text(), next)
		d, changed = nil, true // one document in memory at a time
		if d, err = e.syntax.parse(text, e.change.look); err != nil {
			return nil, false, errors.Join(errVerify, err)
		}
	}
	return nil, false, errLoop
}

// next returns the next step, nil if the document is as it should be.
func (e edit) next(d document) (step, error) {
	servers, missing, err := d.walk(e.layout.key)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 && !e.syntax.implicit {
		if len(e.change.set) == 0 {
			return nil, nil
		}
		return servers.insert([]field{{name: missing[0], value: e.layout.empty(missing)}})
	}
	if e.syntax.nulls && servers.kind() == isNull {
		if len(e.change.set) == 0 {
			return nil, nil
		}
		return servers.replace(e.layout.empty(nil), nil)
	}
	if err := e.layout.checkHolder(servers); err != nil {
		return nil, err
	}
	all, err := servers.members()
	if err != nil {
		return nil, err
	}
	return e.nextOf(servers, membersNamed(all, e.affects))
}

// affects reports whether the change may touch the entry of that name.
func (e edit) affects(name string) bool {
	_, set := e.change.set[name]
	return set || e.removed[name]
}

// keyText is a key path for people.
func keyText(key []string) string {
	if len(key) == 0 {
		return "the file"
	}
	return strings.Join(key, ".")
}
