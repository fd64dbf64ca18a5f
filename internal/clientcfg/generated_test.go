// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: random files that are valid.

package clientcfg

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// generator writes random files that are valid JSON with comments, in every
// layout that the grammar allows, which a fuzzer of bytes hardly ever hits.
type generator struct {
	*rand.Rand
	b       strings.Builder
	newline string
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), newline: "\n"}
	if g.chance(2) {
		g.newline = "\r\n"
	}
	return g
}

func (g *generator) pick(all ...string) { g.b.WriteString(all[g.IntN(len(all))]) }

func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func (g *generator) extra() {
	for g.chance(2) {
		g.pick(" ", "  ", "\t", g.newline, g.newline+"  ", g.newline+g.newline+"\t", "\r", "\n",
			"/**/", "/* x */", "/* a"+g.newline+"b */", "// y"+g.newline, "//"+g.newline+" ", "// z  \r"+g.newline)
	}
}

func (g *generator) object(keys []string, value func(key string)) {
	g.b.WriteString("{")
	g.extra()
	for i, key := range keys {
		if i > 0 {
			g.b.WriteString(",")
			g.extra()
		}
		g.b.WriteString(quote(key))
		g.extra()
		g.b.WriteString(":")
		g.extra()
		value(key)
		g.extra()
	}
	if len(keys) > 0 && g.chance(3) {
		g.b.WriteString(",")
		g.extra()
	}
	g.b.WriteString("}")
}

func (g *generator) some(keys ...string) []string {
	g.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys[:g.IntN(len(keys)+1)]
}

func (g *generator) file() []byte {
	g.pick("", "", "\ufeff")
	g.extra()
	g.object(g.some("mcpServers", "a", "b"), func(key string) {
		if key != "mcpServers" {
			g.pick("1", `"//"`, "[]", `{"mcpServers":{}}`)
			return
		}
		g.object(g.some("t", "u", "x", "y"), g.entry)
	})
	g.extra()
	g.pick("", g.newline, " ")
	return []byte(g.b.String())
}

// entry writes one of ours for the names t and u, something else for others.
func (g *generator) entry(name string) {
	if name > "u" {
		g.pick("{}", "null", `{"command":"npx","args":["/*"]}`)
		return
	}
	keys := append(g.some("args", "env", "disabled", "type"), "command")
	g.object(keys, func(key string) {
		switch key {
		case "command":
			g.pick(`"tshmcp"`, `"/opt/tshmcp"`)
		case "args":
			g.pick("[]", "null", `["connect","a"]`, `["connect" ,/*x*/ "b",]`)
		case "env":
			if g.chance(4) {
				g.b.WriteString("null")
				return
			}
			g.object(g.some("K", "L"), func(string) { g.pick(`"v"`, `"w"`) })
		default:
			g.pick("true", `"stdio"`)
		}
	})
}

func TestGeneratedFiles(t *testing.T) {
	checkGenerated(t, Client{}, 1500, (*generator).file)
}

// checkGenerated edits generated files, and removes from them.
func checkGenerated(t *testing.T, c Client, files int, file func(*generator) []byte) {
	t.Helper()
	refused := 0
	for seed := range uint64(files) {
		in := file(newGenerator(seed))
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if !checkGeneratedFile(t, c, in) {
				refused++
			}
			if t.Failed() {
				t.Logf("the file:\n%s", in)
			}
		})
		if t.Failed() {
			return
		}
	}
	if refused > files/10 {
		t.Errorf("%d files refused: the generator is wrong", refused)
	}
}

// checkGeneratedFile reports false if the file was refused.
func checkGeneratedFile(t *testing.T, c Client, in []byte) bool {
	entry := func(app string) Entry {
		return Entry{Command: "/opt/tshmcp", Args: []string{"connect", app}, Env: map[string]string{"K": "v"}}
	}
	for _, entries := range []map[string]Entry{{"t": entry("a")}, {"t": entry("a"), "u": entry("b")}, {"new": entry("c")}} {
		out, err := c.Edit(in, entries)
		if err != nil {
			checkRefusal(t, err)
			return false
		}
		checkEdit(t, c, in, out, entries)
		checkRemoved(t, c, in, out, entries)
		if was, is := bytes.Count(in, []byte("# keep")), bytes.Count(out, []byte("# keep")); was != is {
			t.Errorf("%d comments of %d are left in\n%s", is, was, out)
		}
	}
	for _, names := range [][]string{{"t"}, {"u", "t"}} {
		out, err := c.Remove(in, names)
		if err != nil {
			checkRefusal(t, err)
			return false
		}
		checkRemoval(t, c, in, out, names)
		if again, err := c.Remove(out, names); err != nil || !bytes.Equal(again, out) {
			t.Errorf("removed twice: %v\n%q\n%q", err, out, again)
		}
	}
	return true
}

// checkRemoval: without the named entries the file was what it is now.
func checkRemoval(t *testing.T, c Client, in, out []byte, names []string) {
	t.Helper()
	in, out = bytes.TrimPrefix(in, utf8BOM), bytes.TrimPrefix(out, utf8BOM)
	v := viewOf(c, in)
	before, after := decodeAs(t, c.editor().format, in), decodeAs(t, c.editor().format, out)
	v.drop(before, names)
	v.drop(after, nil)
	if was, is := fmt.Sprintf("%#v", before), fmt.Sprintf("%#v", after); was != is {
		t.Errorf("removed %q from\n%q:\n%q", names, in, out)
	}
	if was, is := bytes.Count(in, []byte("# keep")), bytes.Count(out, []byte("# keep")); was != is {
		t.Errorf("%d comments of %d are left in\n%s", is, was, out)
	}
	if c.editor().format != TOML && c.editor().format != YAML {
		checkAround(t, in, out, v.pointer())
	}
}
