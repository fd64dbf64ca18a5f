// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// checkYAMLCount: no node that the parser makes is forgotten, whatever comes after it.
func checkYAMLCount(t *testing.T, c Client, data []byte) {
	t.Helper()
	text := bytes.TrimPrefix(data, utf8BOM)
	if c.editor().format != YAML || checkYAMLBytes(text) != nil {
		return
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(yamlLimits{}))
	if err != nil {
		t.Fatal(err)
	}
	made := 1
	for {
		var file yaml.Node
		if loader.Load(&file) != nil {
			break
		}
		made += nodesIn(&file) - 2 // without the document, and its root: two are read at most
	}
	if n := countYAML(text); made > n {
		t.Errorf("%d nodes, counted %d:\n%q", made, n, text)
	}
}

func nodesIn(n *yaml.Node) int {
	all := 1
	for _, c := range n.Content {
		all += nodesIn(c)
	}
	return all
}

// TestYAMLCountIsEnough: random files, and such files with bytes that are others.
func TestYAMLCountIsEnough(t *testing.T) {
	c, _ := Lookup("goose")
	for seed := range uint64(1500) {
		g := newGenerator(seed)
		in := g.yamlFile("extensions", func() string { return g.yamlValue(0) })
		checkYAMLCount(t, c, in)
		for range 20 {
			bad := bytes.Clone(in)
			for range 1 + g.IntN(3) {
				i := g.IntN(len(bad) + 1)
				part := g.any("\"", "'", ": ", "- ", "? ", "|", ">\n", "\n", "\n ", "\n  ", " #", "[", "]", "{", "}", ", ", "&a ", "*a ", "!t ", "x", "\t", "--- ")
				bad = slices.Concat(bad[:i], []byte(part), bad[min(i+g.IntN(2), len(bad)):])
			}
			checkYAMLCount(t, c, bad)
			if t.Failed() {
				return
			}
		}
	}
}

// TestYAMLCount: what is in comments and texts does not count, and does where it may be
// none. Comments do, lines of one as one.
func TestYAMLCount(t *testing.T) {
	const json = `{"a": [1, 2], "b": {"c": 3}}`
	for text, want := range map[string]int{
		"a: b\n":                        3,
		"a: b\n# " + json + "\nc: d\n":  5 + commentNodes,
		"a: b # " + json + "\n":         3 + commentNodes,
		"a: b\n# c\n# d\ne: f\n":        5 + commentNodes,
		"a: b\n# c\n # d\n\n # e\n":     3 + 3*commentNodes,
		"# a\n#b: c\n#\nd: e#f\n":       3 + commentNodes,
		"a: b # c\n     # d\n":          3 + 2*commentNodes,
		"a: !b c! # d\n":                4 + commentNodes,
		"a: '" + json + "'\nc: d\n":     5,
		"a: |\n  " + json + "\nc: d\n":  5,
		"- a: >-\n\n    " + json + "\n": 4,
		"a: x, y\n":                     3,
		"a: [b, \"c, d: e\"]\n":         6,
		"---\na: 'b, c'\n":              3,
		"a: it's, \"this\nb: c":         5,
		"a:\n- b\n- \"c, d\"\n":         5,
		"a: b\n  \"c, d\"\n":            5,
		"a: |2\n  b, c\n":               5,
		"a:\n  |\n  b, c\n":             5,
		"--- |\n b, c\n":                4,
		"- - a: |\n   - {}\n":           8,
	} {
		if got := countYAML([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// TestLongTextsAreRead: many entries are read also with megabytes of JSON and of prose
// about them, wherever it is.
func TestLongTextsAreRead(t *testing.T) {
	const json = `{"command": "npx", "args": ["-y", "@org/server"], "env": {"A": "b"}}`
	const prose = "first, second, and third: all of them"
	c, _ := Lookup("goose")
	var notes strings.Builder
	for _, parts := range [][3]string{
		{"", "# " + json + ", " + prose + "\n", ""},
		{"QUOTED: '", json + ", " + prose + "\n\n  ", "'\n"},
		{"DOUBLE: \"", strings.ReplaceAll(json, `"`, `\"`) + ", " + prose + `\n`, "\"\n"},
		{"BLOCK: |-\n", "  " + json + "\n  - " + prose + "\n\n", ""},
	} {
		notes.WriteString(parts[0] + strings.Repeat(parts[1], (1<<20)/len(parts[1])) + parts[2])
	}
	if all, err := c.Entries(append([]byte(notes.String()), gooseFile(5000)...)); len(all) != 5000 || err != nil {
		t.Errorf("%d entries, %v", len(all), err)
	}
}
