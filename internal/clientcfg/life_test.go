// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the life of an entry, by golden files.

package clientcfg

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestLife goes on where the golden files CLIENT-new and CLIENT-beside of
// testdata/edit end: with what is there then, one golden file per client shows a
// field that the person adds to our entry, the update that keeps it, the removal
// that leaves the file as it was before us, and what a broken file is refused
// with. -update rewrites them.
func TestLife(t *testing.T) {
	all := goldens(t)
	for _, c := range Clients() {
		if c.PrintOnly {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			i := slices.IndexFunc(all, func(g golden) bool {
				return g.options["client"] == c.ID && strings.HasPrefix(filepath.Base(g.path), c.ID+"-beside")
			})
			if i < 0 {
				t.Fatal("no golden file to begin with")
			}
			got := txtar.Format(&txtar.Archive{Comment: []byte("# After " + filepath.Base(all[i].path) + ".\n"), Files: lifeOf(t, c, all[i])})
			path := filepath.Join("testdata", "life", c.ID+".txtar")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := readFile(t, path); string(got) != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func lifeOf(t *testing.T, c Client, g golden) []txtar.File {
	t.Helper()
	section, _ := g.section("in")
	in := g.bytes(section)
	section, _ = g.section("want")
	personal, field := addField(t, c.Format, string(g.bytes(section)))
	newer := map[string]Entry{ourName: {
		Command: "/opt/homebrew/bin/tshmcp",
		Args:    []string{"connect", "grafana", "--path=/mcp"},
		Env:     map[string]string{"TSHMCP_HOME": "/home/ann/.tshmcp"},
	}}
	updated, err := c.Edit([]byte(personal), newer)
	if err != nil {
		t.Fatal(err)
	}
	checkEdit(t, c, []byte(personal), updated, newer)
	if !bytes.Contains(updated, []byte(field)) || !bytes.Contains(updated, []byte("TELEPORT_HOME")) {
		t.Errorf("what is not ours to change went:\n%s", updated)
	}
	removed, err := c.Remove(updated, []string{ourName})
	if err != nil || !bytes.Equal(removed, in) {
		t.Errorf("removed: %v\n%s\nwant\n%s", err, removed, in)
	}
	broken, line := breakFile(c.Format, string(updated))
	out, err := c.Edit([]byte(broken), newer)
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != line || out != nil {
		t.Fatalf("broken in line %d: %v, %q", line, err, out)
	}
	return []txtar.File{
		{Name: "personal", Data: []byte(personal)},
		{Name: "updated", Data: updated},
		{Name: "removed", Data: removed},
		{Name: "broken", Data: []byte(broken)},
		{Name: "error", Data: []byte(err.Error() + "\n")},
	}
}

// addField adds a field of the person's to our entry.
func addField(t *testing.T, f Format, text string) (with, field string) {
	t.Helper()
	var after string
	switch f {
	case TOML:
		after, field = "[mcp_servers."+ourName+"]\n", "enabled = false # for now\n"
	case YAML:
		after, field = "name: "+ourName+"\n", "    alwaysAllow: [get_note] # mine\n"
	default:
		after, field = `"`+ourName+`": {`+"\n", `      "alwaysAllow": ["get_note"],`+"\n"
	}
	before, rest, ok := strings.Cut(text, after)
	if !ok {
		t.Fatalf("no %q in\n%s", after, text)
	}
	return before + after + field + rest, field
}

// TestSharedFile: clients that share a project's file write what the others read: Claude
// Code skips a server whose type is local, and takes what Copilot calls stdio.
func TestSharedFile(t *testing.T) {
	var data []byte
	for _, id := range []string{"copilot-cli", "claude-code", "copilot-cli"} {
		c, _ := Lookup(id)
		c, err := c.In(Env{Home: "/home/ann"}, ProjectScope, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if data, err = c.Edit(data, entryFor("x")); err != nil {
			t.Fatal(err)
		}
		if text := string(data); strings.Contains(text, `"local"`) || !strings.Contains(text, `"type": "stdio"`) || !strings.Contains(text, `"tools": [`) {
			t.Errorf("after %s: %s", id, text)
		}
	}
	c, _ := Lookup("copilot-cli")
	c, err := c.In(Env{Home: "/home/ann"}, ProjectScope, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Replace(string(data), `"stdio"`, `"local"`, 1)
	if out, err := c.Edit([]byte(old), entryFor("x")); err != nil || string(out) != string(data) {
		t.Errorf("an entry from before: %v\n%s", err, out)
	}
}
