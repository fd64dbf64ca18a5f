// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: random YAML.

package clientcfg

import (
	"strings"
	"testing"
)

// yamlComment is a comment line, or an empty one, at any depth. What an entry
// has of comments inside is its own; those between entries are marked "keep".
func (g *generator) yamlGap(word string) string {
	var b strings.Builder
	for g.chance(3) {
		b.WriteString(g.any("\n", "   \n", strings.Repeat(" ", g.IntN(6))+"# "+word+"\n"))
	}
	return b.String()
}

func (g *generator) yamlEnd(word string) string {
	return g.any("\n", "\n", "\n", " \n", " # "+word+"\n", "   # "+word+"\n")
}

func (g *generator) yamlKey(name string) string {
	return g.any(name, name, name, `"`+name+`"`, "'"+name+"'")
}

// yamlValue is some value behind a key at a column, with its line break.
func (g *generator) yamlValue(col int) string {
	deeper := strings.Repeat(" ", col+1+g.IntN(3))
	lines := func(s string) string { return strings.ReplaceAll(s, "\n ", "\n"+deeper) }
	return g.any(
		" x"+g.yamlEnd("keep"),
		" it's # keep\n",
		" http://x:1/#y"+g.yamlEnd("keep"),
		" \"a: # \\\" b\""+g.yamlEnd("keep"),
		" 'it''s: x'"+g.yamlEnd("keep"),
		" 12"+g.yamlEnd("keep"),
		g.yamlEnd("keep"),
		" ~\n",
		" [a, 'b', {c: \"]\"}]"+g.yamlEnd("keep"),
		" {a: b, t: {cmd: tshmcp}}\n",
		lines(" [a,\n b, # keep\n c]\n"),
		lines(" many words\n on lines\n"),
		lines(" \"quoted\n on: lines\"\n"),
		lines(" |\n text\n\n  # no comment\n t: x\n"),
		lines(" >-  # keep\n text\n\n"),
		lines(" |+\n text\n\n\n"),
		lines(" &anchor\n a: 1\n"),
		lines(" !tag x\n"),
		lines("\n a:\n  - 1\n  - b: 2\n    c: 3\n"),
		"\n"+strings.Repeat(" ", col)+"- a\n"+strings.Repeat(" ", col)+"-  b: 1\n"+strings.Repeat(" ", col)+"   c: 2\n",
		"\n"+deeper+"- - a\n"+deeper+"  - b\n"+deeper+"-\n",
	)
}

// ownOrKeep marks a comment within an entry.
func ownOrKeep(name string) string {
	if name > "u" {
		return "keep"
	}
	return "own"
}

// yamlEntry is the fields of an entry at a column: lines with their breaks.
func (g *generator) yamlEntry(name, program string, col int) []string {
	in := strings.Repeat(" ", col)
	if name > "u" {
		return []string{in + program + ": npx" + g.yamlEnd("keep"), in + "more:" + g.yamlValue(col)}
	}
	all := []string{in + g.yamlKey(program) + ": " + g.any("tshmcp", `"/opt/tshmcp"`, "'tshmcp'") + g.yamlEnd("own")}
	for _, f := range g.some("args", "enabled", "own", "env") {
		switch f {
		case "args":
			all = append(all, in+g.any("args: []", "args:", "args: ~", "args: [connect, a]", "args:\n"+in+"- connect\n"+in+"- a",
				"args:\n"+in+"  - 'connect' # own\n"+in+"  - b", "args: [\n"+in+"  connect,\n"+in+"  a]")+"\n")
		case "enabled":
			all = append(all, in+"enabled: false"+g.yamlEnd("own"))
		case "own":
			value := strings.ReplaceAll(g.yamlValue(col), "# keep", "# own")
			if strings.ContainsAny(value, "|>") {
				value = " x\n" // a comment below it could be part of such a text
			}
			all = append(all, in+"own:"+value)
		case "env":
			key := map[string]string{"cmd": "envs"}[program]
			if key == "" {
				key = "env"
			}
			all = append(all, in+key+g.any(": {}\n", ":\n", ":\n"+in+"  K: v\n", ":\n"+in+"   L: \"w\"\n"+in+"   K: 'x' # own\n"))
		}
	}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// yamlFile writes a file whose servers are under key, in the way of servers.
func (g *generator) yamlFile(key string, servers func() string) []byte {
	text := g.any("", "", "---\n", "--- # keep\n") + g.yamlGap("keep")
	for _, k := range g.some(key, "a", "b", "c") {
		if k == key {
			text += g.yamlKey(k) + ":" + servers()
		} else {
			text += g.yamlKey(k) + ":" + strings.ReplaceAll(g.yamlValue(0), "&anchor", "&"+k)
		}
		text += g.yamlGap("keep")
	}
	if g.chance(4) {
		text = strings.TrimRight(text, "\n")
	}
	return []byte(g.any("", "", "\ufeff") + strings.ReplaceAll(text, "\n", g.newline))
}

func (g *generator) gooseFile() []byte {
	return g.yamlFile("extensions", func() string {
		names := g.some("t", "u", "x", "y")
		if len(names) == 0 {
			return g.any(" {}", " ", " {}  # keep", " null") + "\n"
		}
		text, col := g.yamlEnd("keep"), 1+g.IntN(4)
		for _, name := range names {
			text += g.yamlGap("keep") + strings.Repeat(" ", col) + g.yamlKey(name) + ":" + g.yamlEnd(ownOrKeep(name))
			text += strings.Join(g.yamlEntry(name, "cmd", col+1+g.IntN(4)), "")
		}
		return text
	})
}

func (g *generator) continueFile() []byte {
	return g.yamlFile("mcpServers", func() string {
		names := g.some("t", "u", "x", "y")
		if len(names) == 0 {
			return g.any(" []", " ", " []  # keep") + "\n"
		}
		text, col := g.yamlEnd("keep"), g.IntN(4)
		dash := strings.Repeat(" ", col) + "- "
		for _, name := range names {
			lines := g.yamlEntry(name, "command", col+2)
			lines = append(lines, strings.Repeat(" ", col+2)+"name: "+g.yamlKey(name)+g.yamlEnd(ownOrKeep(name)))
			g.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
			text += g.yamlGap("keep") + dash + strings.Join(lines, "")[col+2:]
			if g.chance(6) {
				text += dash + "uses: hub/x # keep\n"
			}
		}
		return text
	})
}

func TestGeneratedYAML(t *testing.T) {
	for id, file := range map[string]func(*generator) []byte{"goose": (*generator).gooseFile, "continue": (*generator).continueFile} {
		c, _ := Lookup(id)
		t.Run(id, func(t *testing.T) { checkGenerated(t, c, 300, file) })
	}
}
