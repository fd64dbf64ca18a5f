// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The parser tells where values begin, by line and column in characters. Where
// they end is found here, starting from there, so that no more has to be known
// of YAML than how one scalar ends. What is found is checked against what the
// parser has read (matches), and against where the next value begins (children).

// yamlText is a text with the offsets of its lines.
type yamlText struct {
	data  []byte
	lines lineStarts
}

// offset returns where a node begins, with its anchor and tag.
func (d yamlText) offset(n *yaml.Node) int {
	at := d.lines.nth(n.Line - 1)
	for range n.Column - 1 {
		_, size := utf8.DecodeRune(d.data[at:])
		at += size
	}
	return at
}

// start returns where the value of a node begins, behind its anchor and tag.
func (d yamlText) start(n *yaml.Node) int {
	if end := d.props(n); end > d.offset(n) {
		return d.skip(end)
	}
	return d.offset(n)
}

// props returns where the anchor and the tag of a node end. The parser does not
// tell of every tag, but no value begins as they do.
func (d yamlText) props(n *yaml.Node) int {
	end := d.offset(n)
	for at := end; n.Kind != yaml.AliasNode && (d.at(at) == '&' || d.at(at) == '!'); at = d.skip(end) {
		for end = at; end < len(d.data) && !isSpace(d.data[end]); {
			end++
		}
	}
	return end
}

// at returns the byte at an offset, a line break behind the end.
func (d yamlText) at(i int) byte {
	if i >= len(d.data) {
		return '\n'
	}
	return d.data[i]
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// skip goes behind blanks, line breaks and comments.
func (d yamlText) skip(at int) int {
	for at < len(d.data) {
		switch c := d.data[at]; {
		case isSpace(c):
			at++
		case c == '#' && (at == 0 || isSpace(d.data[at-1])):
			at = lineEnd(d.data, at)
		default:
			return at
		}
	}
	return at
}

// restIsBlank reports whether nothing but blanks and a comment is left on a line.
func (d yamlText) restIsBlank(at int) bool {
	return d.skip(at) >= lineEnd(d.data, at)
}

// isNothing: no value is written; it is null.
func isNothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 && n.Anchor == "" && n.ShortTag() == "!!null"
}

// isBlock reports whether a node is an object or a list in block style.
func isBlock(n *yaml.Node) bool {
	return (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) && n.Style&yaml.FlowStyle == 0
}

// isBlockText reports whether a node is a text in the style of | or >.
func isBlockText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
}

// leaf returns the last value of a node that is no object or list in block
// style, and the column of the key or dash that it belongs to, from 0; col is
// the node's own.
func (d yamlText) leaf(n *yaml.Node, col int) (*yaml.Node, int) {
	for isBlock(n) {
		n, col = n.Content[len(n.Content)-1], d.column(n)
	}
	return n, col
}

// column is that of the keys or dashes of an object or a list in block style.
func (d yamlText) column(n *yaml.Node) int {
	if n.Kind == yaml.MappingNode {
		return n.Content[0].Column - 1
	}
	at := d.start(n)
	return at - d.lines.start(at)
}

// end returns where a value ends, which belongs to a key or dash at a column;
// -1 if that cannot be told.
func (d yamlText) end(n *yaml.Node, col int) int {
	n, col = d.leaf(n, col)
	at := d.start(n)
	switch {
	case n.Kind == yaml.AliasNode:
		return at + 1 + len(n.Value)
	case n.Kind != yaml.ScalarNode:
		return d.flowEnd(n)
	case n.Value == "" && n.Style&^yaml.TaggedStyle == 0:
		return d.props(n)
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return d.quotedEnd(at)
	case isBlockText(n):
		b := d.block(at, col)
		return d.matches(n, lineEnd(d.data, at), b.end)
	}
	return d.matches(n, at, d.plainEnd(at, col))
}

// matches returns end if a node was read from what is before it, but for white
// space, and else -1.
func (d yamlText) matches(n *yaml.Node, at, end int) int {
	written := d.data[min(at, end):end]
	if string(written) == n.Value || sameWords(string(written), n.Value) {
		return end
	}
	return -1
}

// sameWords reports whether two texts are the same but for white space. They can be
// almost the whole file, so their words are not collected.
func sameWords(a, b string) bool {
	for {
		a, b = strings.TrimLeftFunc(a, unicode.IsSpace), strings.TrimLeftFunc(b, unicode.IsSpace)
		i, j := strings.IndexFunc(a, unicode.IsSpace), strings.IndexFunc(b, unicode.IsSpace)
		if i < 0 || j < 0 {
			return strings.TrimRightFunc(a, unicode.IsSpace) == strings.TrimRightFunc(b, unicode.IsSpace)
		}
		if a[:i] != b[:j] {
			return false
		}
		a, b = a[i:], b[j:]
	}
}

// quotedEnd goes behind a quoted text, which may have several lines.
func (d yamlText) quotedEnd(at int) int {
	quote := d.at(at)
	if quote != '"' && quote != '\'' {
		return -1
	}
	for at++; at < len(d.data); at++ {
		switch c := d.data[at]; {
		case c == '\\' && quote == '"', c == quote && quote == '\'' && d.at(at+1) == quote:
			at++
		case c == quote:
			return at + 1
		}
	}
	return -1
}

// plainEnd goes behind a text without quotes. It goes on with lines that are
// deeper than its parent, up to a comment.
func (d yamlText) plainEnd(at, col int) int {
	end, comment := d.plainOnLine(at)
	for next := lineEnd(d.data, at); next < len(d.data) && !comment; next = lineEnd(d.data, next) {
		text := line(d.data[next:])
		content := bytes.TrimLeft(text, " ")
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if content = bytes.TrimLeft(content, "\t"); len(text)-len(content) <= col || content[0] == '#' {
			break
		}
		end, comment = d.plainOnLine(next + len(text) - len(content))
	}
	return end
}

// plainOnLine goes behind the part of a text without quotes on one line, and
// reports whether a comment follows.
func (d yamlText) plainOnLine(at int) (end int, comment bool) {
	text := line(d.data[at:])
	for i := 1; i < len(text); i++ {
		if text[i] == '#' && isSpace(text[i-1]) {
			text, comment = text[:i], true
		}
	}
	return at + len(bytes.TrimRight(text, " \t\r")), comment
}

// flowEnd goes behind a [list] or an {object}: between its last value and its
// bracket are only white space, comments and commas.
func (d yamlText) flowEnd(n *yaml.Node) int {
	at := d.start(n)
	if len(n.Content) > 0 {
		last := n.Content[len(n.Content)-1]
		plain := last.Kind == yaml.AliasNode || last.Kind == yaml.ScalarNode && last.Style&^yaml.TaggedStyle == 0
		end := d.start(last)
		if !plain {
			end = d.end(last, 0)
		}
		if d.offset(n.Content[0]) == d.offset(n) || end < 0 || d.at(at) == '?' {
			return end // a: pair in a list has no braces
		}
		at = end
	} else {
		at++
	}
	for ; at < len(d.data); at++ {
		switch c := d.data[at]; {
		case c == '#' && isSpace(d.data[at-1]):
			at = lineEnd(d.data, at) - 1
		case c == ']' || c == '}':
			return at + 1
		}
	}
	return -1
}

// yamlBlock is a | or > text.
type yamlBlock struct {
	end    int
	keep   bool // the empty lines behind it are part of it
	indent int  // lines that are at least so deep are part of it
	empty  bool // it has no text, so that blanks are none either
}

// block measures a | or > text: all lines that are empty or deeper than its
// parent, and no less deep than its first. Empty lines at its end count only if
// it says so with a plus; a line of blanks that goes beyond the text's
// indentation is not empty.
func (d yamlText) block(at, col int) yamlBlock {
	head := line(d.data[at:])
	if i := bytes.IndexAny(head, " \t\r#"); i >= 0 {
		head = head[:i]
	}
	b := yamlBlock{end: at + len(head), keep: bytes.ContainsRune(head, '+'), indent: -1}
	if i := bytes.IndexAny(head, "123456789"); i >= 0 {
		b.indent = max(col, 0) + int(head[i]-'0')
	}
	for next := lineEnd(d.data, at); next < len(d.data); next = lineEnd(d.data, next) {
		text := bytes.TrimRight(line(d.data[next:]), "\r")
		spaces := len(text) - len(bytes.TrimLeft(text, " "))
		empty := len(bytes.TrimSpace(text)) == 0
		if !empty && (spaces <= col || spaces < b.indent) {
			break
		}
		if !empty && b.indent < 0 {
			b.indent = spaces
		}
		if !empty || b.keep || b.indent >= 0 && len(text) > b.indent {
			b.end = next + len(text)
		}
	}
	b.empty = b.indent < 0
	b.indent = max(b.indent, col+1)
	return b
}
