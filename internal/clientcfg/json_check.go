// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a file: what reads it is recursive, and a deep
// enough file would end the process.
const maxDepth = 1000

// jsonExtras is where a text has what not all clients read first; negative: nowhere.
type jsonExtras struct{ comment, comma int }

// checkJSON reads a JSON text, with comments and trailing commas, and returns where
// its value is. Errors: *SyntaxError.
func checkJSON(text []byte) (root span, found jsonExtras, err error) {
	c := jsonChecker{text: text, found: jsonExtras{-1, -1}}
	if root.start, err = c.extra(0); err != nil {
		return root, c.found, err
	}
	if root.end, err = c.value(root.start, 0); err != nil {
		return root, c.found, err
	}
	at, err := c.extra(root.end)
	if err == nil && at < len(text) {
		err = c.unexpected(at, "after top-level value")
	}
	return root, c.found, err
}

// jsonChecker finds out whether a text is right. Its functions return where what
// they have read ends.
type jsonChecker struct {
	text  []byte
	found jsonExtras
}

func (c *jsonChecker) value(at, depth int) (int, error) {
	if at == len(c.text) {
		return 0, c.ended()
	}
	switch c.text[at] {
	case '{', '[':
		if depth++; depth > maxDepth {
			return 0, errorAt(c.text, at, "nested too deeply")
		}
		return c.inside(at+1, depth, c.text[at] == '{')
	case '"':
		end := endOfString(c.text, at) + 1
		if end > len(c.text) {
			return 0, errorAt(c.text, at, "string without an end")
		}
		return end, c.literal(at, end, "invalid string")
	}
	end := endOfWord(c.text, at)
	if end == at {
		return 0, c.unexpected(at, "at start of value")
	}
	return end, c.literal(at, end, "invalid value")
}

// literal checks a string, a number, true, false or null.
func (c *jsonChecker) literal(at, end int, msg string) error {
	if !json.Valid(c.text[at:end]) {
		return errorAt(c.text, at, msg)
	}
	return nil
}

// inside reads an object or a list, from behind its first brace on.
func (c *jsonChecker) inside(at, depth int, object bool) (int, error) {
	closing, what := byte(']'), "array"
	if object {
		closing, what = '}', "object"
	}
	var err error
	for comma := -1; ; at++ {
		if at, err = c.extra(at); err != nil {
			return 0, err
		}
		if at < len(c.text) && c.text[at] == closing {
			c.trailing(comma)
			return at + 1, nil
		}
		if object {
			at, err = c.name(at, depth)
		}
		if err == nil {
			at, err = c.value(at, depth)
		}
		if err == nil {
			at, err = c.extra(at)
		}
		switch {
		case err != nil:
			return 0, err
		case at == len(c.text):
			return 0, c.ended()
		case c.text[at] == closing:
			return at + 1, nil
		case c.text[at] != ',':
			return 0, c.unexpected(at, fmt.Sprintf("after %s value (expecting ',' or '%c')", what, closing))
		}
		comma = at
	}
}

// name reads the name of a member and its colon, up to its value.
func (c *jsonChecker) name(at, depth int) (int, error) {
	start := at
	at, err := c.value(at, depth)
	if err == nil {
		at, err = c.extra(at)
	}
	switch {
	case err != nil:
		return 0, err
	case c.text[start] != '"':
		return 0, c.unexpected(start, "at start of object name")
	case at == len(c.text):
		return 0, c.ended()
	case c.text[at] != ':':
		return 0, c.unexpected(at, "after object name")
	}
	return c.extra(at + 1)
}

// trailing notes a comma in front of a closing brace.
func (c *jsonChecker) trailing(comma int) {
	if comma >= 0 && (c.found.comma < 0 || comma < c.found.comma) {
		c.found.comma = comma
	}
}

// extra reads white space and comments.
func (c *jsonChecker) extra(at int) (int, error) {
	for at < len(c.text) {
		switch c.text[at] {
		case ' ', '\t', '\r', '\n':
			at++
			continue
		case '/':
		default:
			return at, nil
		}
		end := endOfComment(c.text, at)
		if end == at {
			return at, nil
		}
		if err := c.comment(at, min(end+1, len(c.text))); err != nil {
			return 0, err
		}
		at = end + 1
	}
	return len(c.text), nil
}

// comment checks a comment.
func (c *jsonChecker) comment(at, end int) error {
	text := c.text[at:end]
	switch slashes := text[1] == '/'; {
	case !slashes && (len(text) < len("/**/") || !bytes.HasSuffix(text, []byte("*/"))):
		return errorAt(c.text, at, "unexpected end of the file")
	case !utf8.Valid(text):
		return errorAt(c.text, at, "invalid UTF-8 in comment")
	case slashes:
		if i := bytes.IndexAny(text, "\u2028\u2029"); i >= 0 {
			return c.unexpected(at+i, "in line comment")
		}
	}
	if c.found.comment < 0 {
		c.found.comment = at
	}
	return nil
}

func (c *jsonChecker) ended() error {
	return errorAt(c.text, len(c.text), "unexpected end of the file")
}

// unexpected is the refusal of a character.
func (c *jsonChecker) unexpected(at int, where string) error {
	r, size := utf8.DecodeRune(c.text[at:])
	what := strconv.QuoteRune(r)
	switch {
	case r == utf8.RuneError && size == 1:
		what = fmt.Sprintf(`'\x%02x'`, c.text[at])
	case !unicode.IsPrint(r) && r <= '\uffff':
		what = fmt.Sprintf(`'\u%04x'`, r)
	case !unicode.IsPrint(r):
		what = fmt.Sprintf(`'\U%08x'`, r)
	}
	return errorAt(c.text, at, "invalid character "+what+" "+where)
}
