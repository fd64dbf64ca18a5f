// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"
)

// maxDepth bounds the nesting of a file: the parser is recursive, and a deep
// enough file would end the process.
const maxDepth = 1000

// doc is the parsed text of a JSON file without its byte order mark.
type doc struct {
	text  []byte
	root  hujson.Value
	style style
}

// parse reads JSON with or without comments and trailing commas.
// Errors: *SyntaxError.
func parse(text []byte) (*doc, error) {
	d := &doc{text: text}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, d.errorAt(0, "the file is UTF-16, not UTF-8")
	}
	if at, deep := tooDeep(text); deep {
		return nil, d.errorAt(at, "nested too deeply")
	}
	// The parser wants a line break after a // comment, even at the end of the
	// file. One more does not move any offset.
	root, err := hujson.Parse(append(text[:len(text):len(text)], '\n'))
	if err != nil {
		return nil, d.parseError(err)
	}
	d.root = root
	d.style = d.detectStyle()
	return d, nil
}

var hujsonError = regexp.MustCompile(`(?s)^hujson: line (\d+), column (\d+): (.*)$`)

// parseError takes apart the parser's message, the only place where it tells
// the position. The literal in the message is left out: it may be a password.
func (d *doc) parseError(err error) error {
	m := hujsonError.FindStringSubmatch(err.Error())
	if m == nil {
		return d.errorAt(0, "not JSON")
	}
	row, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	at := column - 1
	for range row - 1 {
		at += len(line(d.text[min(at-column+1, len(d.text)):])) + 1
	}
	msg := m[3]
	switch {
	case strings.HasPrefix(msg, `invalid literal: "`):
		msg = "invalid string"
	case strings.HasPrefix(msg, "invalid literal"):
		msg = "invalid value"
	case strings.HasPrefix(msg, "parsing string"):
		at, msg = unclosedString(d.text), "string without an end"
	case strings.HasSuffix(msg, "unexpected EOF"):
		msg = "unexpected end of the file"
	}
	return d.errorAt(min(at, len(d.text)), "%s", msg)
}

// errorAt is a *SyntaxError at a byte offset.
func (d *doc) errorAt(offset int, format string, args ...any) error {
	before := d.text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return &SyntaxError{
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: utf8.RuneCount(before[start:]) + 1,
		Msg:    fmt.Sprintf(format, args...),
	}
}

// tooDeep returns where objects and arrays are nested more than maxDepth deep.
func tooDeep(text []byte) (int, bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return i, true
			}
		case '}', ']':
			depth--
		case '"':
			i = endOfString(text, i)
		case '/':
			i = endOfComment(text, i)
		}
	}
	return 0, false
}

// unclosedString returns where the string begins that goes on to the end of the
// file.
func unclosedString(text []byte) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := endOfString(text, i)
			if end >= len(text) {
				return i
			}
			i = end
		case '/':
			i = endOfComment(text, i)
		}
	}
	return len(text)
}

// endOfString returns the offset of the quote that ends the string at i.
func endOfString(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// endOfComment returns the offset of the last byte of the comment at i; i if
// there is none.
func endOfComment(text []byte, i int) int {
	switch {
	case bytes.HasPrefix(text[i:], []byte("//")):
		return i + len(line(text[i:]))
	case bytes.HasPrefix(text[i:], []byte("/*")):
		if n := bytes.Index(text[i+2:], []byte("*/")); n >= 0 {
			return i + 2 + n + 1
		}
		return len(text)
	}
	return i
}

// checkStrict refuses what a client with a plain JSON parser cannot read.
func (d *doc) checkStrict() error {
	for v := range d.root.All() {
		if err := d.checkExtra(v.StartOffset-len(v.BeforeExtra), v.BeforeExtra); err != nil {
			return err
		}
		if err := d.checkExtra(v.EndOffset, v.AfterExtra); err != nil {
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
		if err := d.checkExtra(v.EndOffset-1-len(inner), inner); err != nil {
			return err
		}
		if last != nil && last.AfterExtra != nil {
			return d.errorAt(last.EndOffset+len(last.AfterExtra), "trailing comma, which the client does not accept")
		}
	}
	return nil
}

func (d *doc) checkExtra(offset int, extra hujson.Extra) error {
	if all := remarks(extra); len(all) > 0 {
		return d.errorAt(offset+all[0].start, "comment, which the client does not accept")
	}
	return nil
}

// member returns the member of an object with that name, however its key is
// escaped; nil if there is none. A key that is there twice is an error: which
// of them the client takes cannot be told.
func (d *doc) member(obj *hujson.Object, name string) (*hujson.ObjectMember, error) {
	var found *hujson.ObjectMember
	for i := range obj.Members {
		m := &obj.Members[i]
		if keyOf(m) != name {
			continue
		}
		if found != nil {
			return nil, d.errorAt(m.Name.StartOffset, "%q is there twice", name)
		}
		found = m
	}
	return found, nil
}

func keyOf(m *hujson.ObjectMember) string {
	return m.Name.Value.(hujson.Literal).String()
}

// object returns the object that v is; what names it for the error.
func (d *doc) object(v *hujson.Value, what string) (*hujson.Object, error) {
	if obj, ok := v.Value.(*hujson.Object); ok {
		return obj, nil
	}
	return nil, d.errorAt(v.StartOffset, "%s is not an object", what)
}

// stringOf returns the string that v is.
func stringOf(v *hujson.Value) (string, bool) {
	lit, ok := v.Value.(hujson.Literal)
	if !ok || lit.Kind() != '"' {
		return "", false
	}
	return lit.String(), true
}
