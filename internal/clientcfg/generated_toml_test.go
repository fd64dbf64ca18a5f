// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: random TOML.

package clientcfg

import (
	"slices"
	"strings"
	"testing"
)

func (g *generator) any(all ...string) string { return all[g.IntN(len(all))] }

// gap is what may be between two lines. Comments marked with "keep" are none of
// an entry's.
func (g *generator) gap() string {
	var b strings.Builder
	for g.chance(3) {
		b.WriteString(g.any("\n", "  \n", "# keep\n", "\t# keep this\n"))
	}
	return b.String()
}

// blanks are some within a line.
func (g *generator) blanks() string { return g.any("", "", " ", "\t ") }

func (g *generator) tomlEnd() string { return g.any("\n", "\n", " \n", " # c\n") }

func (g *generator) tomlKey(name string) string {
	return g.any(name, name, `"`+name+`"`, "'"+name+"'")
}

func (g *generator) tomlPath(parts ...string) string {
	for i := range parts {
		parts[i] = g.tomlKey(parts[i])
	}
	return strings.Join(parts, g.blanks()+"."+g.blanks())
}

// tomlFields are the key-values of an entry.
func (g *generator) tomlFields(name string) [][2]string {
	if name > "u" {
		return [][2]string{{"command", `"npx"`}, {"url", `'[x] # no'`}}
	}
	all := [][2]string{{"command", g.any(`"tshmcp"`, `'/opt/tshmcp'`, `"""tshmcp"""`)}}
	for _, f := range g.some("args", "enabled", "startup_timeout_sec") {
		all = append(all, [2]string{f, map[string]string{
			"args":                g.any("[]", `["connect","a"]`, "[\n  'connect', # x\n  'b',\n]", `[ "]", '#' ]`),
			"enabled":             "false",
			"startup_timeout_sec": "5",
		}[f]})
	}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func (g *generator) tomlEnv() [][2]string {
	var all [][2]string
	for _, k := range g.some("K", "L") {
		all = append(all, [2]string{k, g.any(`"v"`, `"w"`)})
	}
	return all
}

func (g *generator) tomlInline(fields [][2]string) string {
	oneLine := strings.NewReplacer(" # x", "", "\n", "")
	var parts []string
	for _, f := range fields {
		key := strings.Split(f[0], ".")
		parts = append(parts, g.tomlPath(key...)+g.blanks()+"="+g.blanks()+oneLine.Replace(f[1]))
	}
	return "{" + g.blanks() + strings.Join(parts, g.blanks()+","+g.blanks()) + g.blanks() + "}"
}

func (g *generator) tomlLines(prefix string, fields [][2]string) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(g.blanks() + prefix + g.tomlKey(f[0]) + g.blanks() + "=" + g.blanks() + f[1] + g.tomlEnd())
	}
	return b.String()
}

// tomlEntry writes one entry as tables of its own.
func (g *generator) tomlEntry(name string) []string {
	header := func(parts ...string) string {
		return g.blanks() + "[" + g.blanks() + g.tomlPath(parts...) + g.blanks() + "]" + g.tomlEnd()
	}
	fields, env := g.tomlFields(name), g.tomlEnv()
	text := header("mcp_servers", name) + g.tomlLines("", fields)
	switch g.IntN(4) {
	case 0:
		return []string{text, header("mcp_servers", name, "env") + g.tomlLines("", env)}
	case 1:
		return []string{text + "env = " + g.tomlInline(env) + g.tomlEnd()}
	case 2:
		return []string{text + g.tomlLines("env.", env)}
	}
	return []string{text, header("mcp_servers", name, "tools", "q") + "x = 1\n"}
}

// tomlShort writes one entry inline, or in dotted keys after prefix.
func (g *generator) tomlShort(prefix, name string) string {
	fields, env := g.tomlFields(name), g.tomlEnv()
	if g.chance(2) {
		if len(env) > 0 {
			fields = append(fields, [2]string{"env", g.tomlInline(env)})
		}
		return prefix + g.tomlKey(name) + " = " + g.tomlInline(fields) + g.tomlEnd()
	}
	dotted := prefix + g.tomlKey(name) + "."
	return g.tomlLines(dotted, fields) + g.tomlLines(dotted+"env.", env)
}

func (g *generator) tomlFile() []byte {
	top := g.any("", "model = \"x\"\n", "a.b = 1\nc = '''\n[mcp_servers.t]\n'''\n", "d = 2020-01-01 # keep\n")
	tables := []string{"[tui]\nx = [\n 1, # keep\n]\n", "[[many]]\nx = 1\n", "[[many]]\n", "[z.\"mcp_servers\".t]\ny = 1\n"}[g.IntN(3):]
	names := g.some("t", "u", "x", "y")
	switch g.IntN(5) {
	case 0, 1:
		for _, name := range names {
			tables = append(tables, g.tomlEntry(name)...)
		}
		g.Shuffle(len(tables), func(i, j int) { tables[i], tables[j] = tables[j], tables[i] })
	case 2:
		text := "[mcp_servers]" + g.tomlEnd()
		for _, name := range names {
			text += g.tomlShort("", name)
		}
		tables = slices.Insert(tables, g.IntN(len(tables)+1), text)
	case 3:
		for _, name := range names {
			top += g.tomlShort("mcp_servers.", name)
		}
	case 4:
		var entries [][2]string
		for _, name := range names {
			if fields := g.tomlFields(name); g.chance(2) {
				entries = append(entries, [2]string{name, g.tomlInline(fields)})
			} else {
				for _, f := range append(fields, [2]string{"env.L", `"1"`}) {
					entries = append(entries, [2]string{name + "." + f[0], f[1]})
				}
			}
		}
		top += "mcp_servers = " + g.tomlInline(entries) + g.tomlEnd()
	}
	text := g.gap() + top
	for _, table := range tables {
		text += g.gap() + table
	}
	text += g.gap()
	if g.chance(3) {
		text = strings.TrimRight(text, "\n")
	}
	return []byte(g.any("", "", "\ufeff") + strings.ReplaceAll(text, "\n", g.newline))
}

func TestGeneratedTOML(t *testing.T) {
	c, _ := Lookup("codex")
	checkGenerated(t, c, 1000, (*generator).tomlFile)
}
