// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"
)

// maxDepth bounds the nesting of a file: the parser is recursive, and a deep
// enough file would end the process.
const maxDepth = 1000

// parseJSON reads JSON with or without comments and trailing commas.
// Errors: *SyntaxError.
func parseJSON(text []byte, look JSONStyle) (*jsonDoc, error) {
	d := &jsonDoc{data: text}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, d.errorAt(0, "the file is UTF-16, not UTF-8")
	}
	if at, deep := tooDeep(text); deep {
		return nil, d.errorAt(at, "nested too deeply")
	}
	if d.plain = isPlain(text); d.plain {
		root, err := parseFolded(text, 0, len(text))
		if err != nil {
			return nil, d.parseError(err)
		}
		return d.with(root, look), nil
	}
	// The parser wants a line break after a // comment, even at the end of the
	// file. One more does not move any offset.
	root, err := hujson.Parse(append(text[:len(text):len(text)], '\n'))
	if err != nil {
		return nil, d.parseError(err)
	}
	return d.with(root, look), nil
}

// with completes a document.
func (d *jsonDoc) with(root hujson.Value, look JSONStyle) *jsonDoc {
	d.root, d.lines = root, linesOf(d.data)
	d.style = d.detectStyle(look)
	return d
}

var hujsonError = regexp.MustCompile(`(?s)^hujson: line (\d+), column (\d+): (.*)$`)

// parseError takes apart the parser's message, the only place where it tells
// the position. The literal in the message is left out: it may be a password.
func (d *jsonDoc) parseError(err error) error {
	m := hujsonError.FindStringSubmatch(err.Error())
	if m == nil {
		return d.errorAt(0, "not JSON")
	}
	row, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	at := column - 1
	for range row - 1 {
		at += len(line(d.data[min(at-column+1, len(d.data)):])) + 1
	}
	msg := m[3]
	switch {
	case strings.HasPrefix(msg, `invalid literal: "`):
		msg = "invalid string"
	case strings.HasPrefix(msg, "invalid literal"):
		msg = "invalid value"
	case strings.HasPrefix(msg, "parsing string"):
		at, msg = unclosedString(d.data), "string without an end"
	case strings.HasSuffix(msg, "unexpected EOF"):
		msg = "unexpected end of the file"
	}
	return d.errorAt(min(at, len(d.data)), "%s", msg)
}

// checkStrict refuses what a client with a plain JSON parser cannot read:
// trailing commas, and unless they are allowed comments.
func (d *jsonDoc) checkStrict(comments bool) error {
	for v := range d.root.All() {
		if err := d.checkExtra(v.StartOffset-len(v.BeforeExtra), v.BeforeExtra, comments); err != nil {
			return err
		}
		if err := d.checkExtra(v.EndOffset, v.AfterExtra, comments); err != nil {
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
		if err := d.checkExtra(v.EndOffset-1-len(inner), inner, comments); err != nil {
			return err
		}
		if last != nil && last.AfterExtra != nil {
			return d.errorAt(last.EndOffset+len(last.AfterExtra), "trailing comma, which the client does not accept")
		}
	}
	return nil
}

func (d *jsonDoc) checkExtra(offset int, extra hujson.Extra, comments bool) error {
	if all := remarks(extra); len(all) > 0 && !comments {
		return d.errorAt(offset+all[0].start, "comment, which the client does not accept")
	}
	return nil
}
