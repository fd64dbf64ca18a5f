// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what every edit must keep.

package clientcfg

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

// checkEdit holds an edit to the promises of the package, by other means than
// the editors' own: the decoded values, the bytes around the servers, and the
// comments.
func checkEdit(t *testing.T, c Client, in, out []byte, entries map[string]Entry) {
	t.Helper()
	if again, err := c.Edit(out, entries); err != nil || !bytes.Equal(again, out) {
		t.Errorf("the second edit is not the same: %v\n%q\n%q", err, out, again)
	}
	if bytes.HasPrefix(in, utf8BOM) != bytes.HasPrefix(out, utf8BOM) {
		t.Error("byte order mark came or went")
	}
	in, out = bytes.TrimPrefix(in, utf8BOM), bytes.TrimPrefix(out, utf8BOM)
	if len(bytes.TrimSpace(in)) == 0 {
		in = syntaxes[c.editor().format].blank(c.preamble, newlineOf(in))
	}
	v := viewOf(c, in)
	before, after := decodeAs(t, c.editor().format, in), decodeAs(t, c.editor().format, out)
	for name, e := range entries {
		v.check(t, v.entries(after)[name], e)
		v.checkKept(t, v.entries(before)[name], v.entries(after)[name])
	}
	for _, file := range []map[string]any{before, after} {
		v.drop(file, slices.Collect(maps.Keys(entries)))
	}
	if was, is := fmt.Sprintf("%#v", before), fmt.Sprintf("%#v", after); was != is {
		t.Errorf("something else differs:\n%s\n%s\nin\n%q\n%q", was, is, in, out)
	}
	switch c.editor().format {
	case TOML, YAML:
		checkInserted(t, v, in, out, c.editor().format, entries)
	default:
		pointer := v.pointer()
		checkAround(t, in, out, pointer)
		if !slices.Equal(commentsOutside(t, in, pointer, entries), commentsOutside(t, out, pointer, entries)) {
			t.Errorf("comments differ:\n%q\n%q", in, out)
		}
	}
}

// checkInserted: new entries are one piece of text in the middle of the old,
// which is there byte for byte. Only an empty object gives way to them.
func checkInserted(t *testing.T, v view, in, out []byte, f Format, entries map[string]Entry) {
	t.Helper()
	file := decodeAs(t, f, in)
	old := v.entries(file)
	for name := range entries {
		if old[name] != nil {
			return
		}
	}
	if f == YAML && len(file) == 0 {
		return // {} gives way to a first line, with the comment behind it
	}
	if f == YAML && len(old) == 0 {
		if file[v.key[0]] == nil && bytes.Contains(in, []byte(v.key[0])) {
			return // null, perhaps written out
		}
		in = yamlEmpty(v).ReplaceAll(in, []byte("$1"))
	}
	prefix, suffix := 0, 0
	for prefix < min(len(in), len(out)) && in[prefix] == out[prefix] {
		prefix++
	}
	for suffix < min(len(in), len(out))-prefix && in[len(in)-1-suffix] == out[len(out)-1-suffix] {
		suffix++
	}
	if rest := in[prefix : len(in)-suffix]; strings.Trim(string(rest), " \t\r\n{}[]") != "" {
		t.Errorf("more than an insertion, %q went:\n%q\n%q", rest, in, out)
	}
}

// checkAround compares the bytes before and after the servers object, if there
// was one.
func checkAround(t *testing.T, in, out []byte, pointer string) {
	t.Helper()
	was, is := findJSON(t, in, pointer), findJSON(t, out, pointer)
	if was == nil {
		return
	}
	if !bytes.Equal(in[:was.StartOffset], out[:is.StartOffset]) || !bytes.Equal(in[was.EndOffset:], out[is.EndOffset:]) {
		t.Errorf("bytes around the servers differ:\n%q\n%q", in, out)
	}
}

func findJSON(t *testing.T, text []byte, pointer string) *hujson.Value {
	t.Helper()
	v, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	return v.Find(pointer)
}

// commentsOutside returns the comments of a text but for those in the entries.
func commentsOutside(t *testing.T, text []byte, pointer string, entries map[string]Entry) []string {
	t.Helper()
	root, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	if servers := root.Find(pointer); servers != nil {
		if obj, ok := servers.Value.(*hujson.Object); ok {
			for i, m := range obj.Members {
				if _, ok := entries[unquote(m.Name.Value.(hujson.Literal))]; ok {
					obj.Members[i].Value.Value = hujson.Literal("0")
				}
			}
		}
	}
	var all []string
	packed := root.Pack()
	for i := 0; i < len(packed); i++ {
		switch packed[i] {
		case '"':
			i = endOfString(packed, i)
		case '/':
			end := endOfComment(packed, i)
			all = append(all, string(bytes.TrimRight(packed[i:min(end+1, len(packed))], "\r\n")))
			i = end
		}
	}
	return all
}

// checkRemoved: taking away what was added gives the file as it was, if it had
// servers, or an empty object or list for them without blanks inside.
func checkRemoved(t *testing.T, c Client, in, out []byte, entries map[string]Entry) {
	t.Helper()
	text := bytes.TrimPrefix(in, utf8BOM)
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	v := viewOf(c, text)
	file := decodeAs(t, c.editor().format, text)
	if !v.there(file) && c.editor().format != TOML {
		return
	}
	var names []string
	for name := range entries {
		if v.entries(file)[name] != nil {
			return
		}
		names = append(names, name)
	}
	got, err := c.editor().apply(t.Context(), out, change{remove: names, force: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := emptied(t, v, c.editor().format, in, len(v.entries(file))); want != nil && !bytes.Equal(got, want) {
		t.Errorf("remove after add:\n%q\nwant\n%q\nfrom\n%q", got, want, out)
	}
}

// yamlEmpty is where the servers would be.
func yamlEmpty(v view) *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(["']?` + v.key[0] + `["']?:) (?:\{\}|\[\])`)
}

var blankBraces = regexp.MustCompile(`(mcp_servers["']?[ \t]*=[ \t]*)\{[ \t]*\}`)

// emptied is the file without the blanks in an empty servers object; nil if
// what comes out cannot be told exactly.
func emptied(t *testing.T, v view, f Format, in []byte, servers int) []byte {
	t.Helper()
	if servers > 0 {
		return in
	}
	switch f {
	case TOML:
		return blankBraces.ReplaceAll(in, []byte("${1}{}"))
	case YAML:
		if yamlEmpty(v).Match(in) {
			return in
		}
		return nil
	}
	text := bytes.TrimPrefix(in, utf8BOM)
	found := findJSON(t, text, v.pointer())
	inside := found.Value.(*hujson.Object).AfterExtra
	if len(bytes.TrimSpace(inside)) > 0 {
		return in
	}
	at := len(in) - len(text) + found.StartOffset
	return slices.Concat(in[:at], []byte("{}"), in[at+len(inside)+2:])
}
