// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

// checkJSONAsOthers: another parser reads the same of a JSON file, or refuses it too.
func checkJSONAsOthers(t *testing.T, c Client, data []byte) {
	t.Helper()
	text := bytes.TrimPrefix(data, utf8BOM)
	if f := c.editor().format; f == TOML || f == YAML || bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return
	}
	// It wants a line break after a // comment, even at the end of the file.
	want, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	d, own := parseJSON(text, JSONAuto)
	if own != nil && strings.HasSuffix(own.Error(), "nested too deeply") {
		return
	}
	switch {
	case (err == nil) != (own == nil):
		t.Errorf("%q: %v, and of another parser %v", text, own, err)
	case err != nil:
		if want := otherText(text, err); own.Error() != want {
			t.Errorf("%q: %v, want %s", text, own, want)
		}
	default:
		compareJSON(t, d, want, d.root)
	}
}

var otherError = regexp.MustCompile(`(?s)^hujson: line (\d+), column (\d+): (.*)$`)

// otherText is the other parser's error in our words.
func otherText(text []byte, err error) string {
	m := otherError.FindStringSubmatch(err.Error())
	row, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	at := 0
	for range row - 1 {
		at = lineEnd(text, at)
	}
	at = min(at+column-1, len(text))
	msg := m[3]
	switch {
	case strings.HasPrefix(msg, `invalid literal: "`):
		msg = "invalid string"
	case strings.HasPrefix(msg, "invalid literal"):
		msg = "invalid value"
	case strings.HasPrefix(msg, "parsing string"): // it says where the text ends
		return unclosed(text)
	case strings.HasSuffix(msg, "unexpected EOF"):
		msg = "unexpected end of the file"
	}
	return errorAt(text, at, msg).Error()
}

// unclosed is the error about the string that goes on to the end of a text.
func unclosed(text []byte) string {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := endOfString(text, i)
			if end >= len(text) {
				return errorAt(text, i, "string without an end").Error()
			}
			i = end
		case '/':
			i = endOfComment(text, i)
		}
	}
	return ""
}

// compareJSON compares a value, and what is in it, with what the other parser says.
func compareJSON(t *testing.T, d *jsonDoc, want hujson.Value, v span) {
	t.Helper()
	if (span{want.StartOffset, want.EndOffset}) != v {
		t.Errorf("%q at %v, want %d to %d", d.data, v, want.StartOffset, want.EndOffset)
		return
	}
	all := slices.Collect(func(yield func(jsonMember) bool) {
		if c := d.data[v.start]; c == '{' || c == '[' {
			d.inside(v)(yield)
		}
	})
	switch value := want.Value.(type) {
	case *hujson.Object:
		if len(all) != len(value.Members) {
			t.Fatalf("%q: %d members, want %d", d.data, len(all), len(value.Members))
		}
		for i, m := range value.Members {
			got := all[i]
			if d.name(got) != m.Name.Value.(hujson.Literal).String() || string(d.above(got)) != string(m.Name.BeforeExtra) || got.value.start-got.gap != len(m.Value.BeforeExtra) {
				t.Errorf("%q: member %d is %+v", d.data, i, got)
			}
			compareJSON(t, d, m.Value, got.value)
		}
		if last, any := d.last(v); any && string(d.tail(v, last)) != string(value.AfterExtra) || any && last.comma != (value.Members[len(all)-1].Value.AfterExtra != nil) {
			t.Errorf("%q: the end of %q", d.data, d.data[v.start:v.end])
		}
	case *hujson.Array:
		if len(all) != len(value.Elements) {
			t.Fatalf("%q: %d items, want %d", d.data, len(all), len(value.Elements))
		}
		for i, item := range value.Elements {
			compareJSON(t, d, item, all[i].value)
		}
	default:
		if len(all) > 0 {
			t.Errorf("%q: %d members", d.data, len(all))
		}
	}
}

// TestJSONAsOthers: random files, and such files with a byte that is wrong.
func TestJSONAsOthers(t *testing.T) {
	for seed := range uint64(1500) {
		g := newGenerator(seed)
		in := g.file()
		checkJSONAsOthers(t, Client{}, in)
		for range 20 {
			bad := bytes.Clone(in)
			switch i := g.IntN(len(bad)); g.IntN(3) {
			case 0:
				bad = bad[:i]
			case 1:
				bad = slices.Delete(bad, i, i+1)
			default:
				bad[i] = "{}[],:\"/*\\\n\x00\xff x1"[g.IntN(16)]
			}
			checkJSONAsOthers(t, Client{}, bad)
			if t.Failed() {
				return
			}
		}
	}
}
