// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// maxDepth bounds the nesting of a file: the parser is recursive, and a deep
// enough file would end the process.
const maxDepth = 1000

// parseJSON reads JSON with or without comments and trailing commas.
// Errors: *SyntaxError.
func parseJSON(text []byte, look JSONStyle) (*jsonDoc, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, errorAt(text, 0, "the file is UTF-16, not UTF-8")
	}
	if at, deep := tooDeep(text); deep {
		return nil, errorAt(text, at, "nested too deeply")
	}
	if isPlain(text) {
		root, err := parseFolded(text, 0, len(text))
		if err != nil {
			return nil, jsonError(text, err)
		}
		return newJSON(text, root, true, look), nil
	}
	// The parser wants a line break after a // comment, even at the end of the
	// file. One more does not move any offset.
	root, err := hujson.Parse(append(text[:len(text):len(text)], '\n'))
	if err != nil {
		return nil, jsonError(text, err)
	}
	return newJSON(text, root, false, look), nil
}

// newJSON is the document of a text that is parsed; plain as in jsonDoc.
func newJSON(text []byte, root hujson.Value, plain bool, look JSONStyle) *jsonDoc {
	d := &jsonDoc{data: text, lines: linesOf(text), root: root, plain: plain}
	d.style = d.detectStyle(look)
	return d
}

var hujsonError = pattern.New(`(?s)^hujson: line (\d+), column (\d+): (.*)$`)

// jsonError takes apart the parser's message, the only place where it tells
// the position. The literal in the message is left out: it may be a password.
func jsonError(text []byte, err error) error {
	m := hujsonError.FindStringSubmatch(err.Error())
	if m == nil {
		return errorAt(text, 0, "not JSON")
	}
	row, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	at := column - 1
	for range row - 1 {
		at += len(line(text[min(at-column+1, len(text)):])) + 1
	}
	msg := m[3]
	switch {
	case strings.HasPrefix(msg, `invalid literal: "`):
		msg = "invalid string"
	case strings.HasPrefix(msg, "invalid literal"):
		msg = "invalid value"
	case strings.HasPrefix(msg, "parsing string"):
		at, msg = unclosedString(text), "string without an end"
	case strings.HasSuffix(msg, "unexpected EOF"):
		msg = "unexpected end of the file"
	}
	return errorAt(text, min(at, len(text)), msg)
}

// strictJSON is what a client with a plain JSON parser reads: no trailing commas,
// and unless they are allowed no comments.
type strictJSON struct {
	text     []byte
	comments bool
}

// check refuses what the client cannot read.
func (s strictJSON) check(root hujson.Value) error {
	for v := range root.All() {
		if err := s.checkExtra(v.StartOffset-len(v.BeforeExtra), v.BeforeExtra); err != nil {
			return err
		}
		if err := s.checkExtra(v.EndOffset, v.AfterExtra); err != nil {
			return err
		}
		var inner hujson.Extra
		var last *hujson.Value
		switch v := v.Value.(type) {
		case *hujson.Object:
			inner = v.AfterExtra
			if n := len(v.Members); n > 0 {
				last = &v.Members[n-1].Value
			}
		case *hujson.Array:
			inner = v.AfterExtra
			if n := len(v.Elements); n > 0 {
				last = &v.Elements[n-1]
			}
		}
		if err := s.checkExtra(v.EndOffset-1-len(inner), inner); err != nil {
			return err
		}
		if last != nil && last.AfterExtra != nil {
			return errorAt(s.text, last.EndOffset+len(last.AfterExtra), "trailing comma, which the client does not accept")
		}
	}
	return nil
}

func (s strictJSON) checkExtra(offset int, extra hujson.Extra) error {
	if all := remarks(extra); len(all) > 0 && !s.comments {
		return errorAt(s.text, offset+all[0].start, "comment, which the client does not accept")
	}
	return nil
}
