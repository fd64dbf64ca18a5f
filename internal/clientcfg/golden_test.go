// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: edits as they are written down in testdata/edit.

package clientcfg

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the want and error sections of testdata/edit")

// A golden file is a txtar archive. Its comment may set, one "key: value" per
// line: client (an id, or a path for ForPath), newlines (crlf), bom (yes),
// final-newline (no) and force (yes). Sections: in; entries, JSON, or else
// defaultEntries; remove, names to remove instead; and want or error. In want,
// \r and a byte order mark are not shown, but compared.
type golden struct {
	path    string
	archive *txtar.Archive
	options map[string]string
	change  change
}

var defaultEntries = map[string]Entry{"teleport-mcp-grafana": {
	Command: "/usr/local/bin/tshmcp",
	Args:    []string{"connect", "grafana"},
	Env:     map[string]string{"TELEPORT_HOME": "/home/ann/.tsh"},
}}

func goldens(t testing.TB) []golden {
	t.Helper()
	paths, err := filepath.Glob("testdata/edit/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < 200 {
		t.Fatalf("only %d golden files: some are missing", len(paths))
	}
	var all []golden
	for _, path := range paths {
		all = append(all, readGolden(t, path))
	}
	return all
}

func readGolden(t testing.TB, path string) golden {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := golden{path: path, archive: archive, options: map[string]string{}, change: change{set: defaultEntries}}
	for line := range strings.Lines(string(archive.Comment)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			g.options[key] = value
		}
	}
	g.change.force = g.options["force"] == "yes"
	if entries, ok := g.section("entries"); ok {
		g.change.set = nil
		if err := json.Unmarshal(entries, &g.change.set); err != nil {
			t.Fatal(path, err)
		}
	}
	if remove, ok := g.section("remove"); ok {
		g.change.set = nil
		g.change.remove = strings.Split(strings.TrimSuffix(string(remove), "\n"), "\n")
	}
	return g
}

func (g golden) section(name string) ([]byte, bool) {
	for _, f := range g.archive.Files {
		if f.Name == name {
			return f.Data, true
		}
	}
	return nil, false
}

func (g golden) client() Client {
	if c, ok := Lookup(g.options["client"]); ok {
		return c
	}
	c, err := ForPath(g.options["client"])
	if err != nil {
		panic(err) // no golden file is about a wrong one
	}
	return c
}

// forPath is [ForPath] of a file that is not wrong.
func forPath(t testing.TB, path string) Client {
	t.Helper()
	c, err := ForPath(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bytes turns a section into the bytes of a file.
func (g golden) bytes(section []byte) []byte {
	if g.options["final-newline"] == "no" {
		section = bytes.TrimSuffix(section, []byte("\n"))
	}
	if g.options["newlines"] == "crlf" {
		section = bytes.ReplaceAll(section, []byte("\n"), []byte("\r\n"))
	}
	if g.options["bom"] == "yes" {
		section = append(bytes.Clone(utf8BOM), section...)
	}
	return section
}

// text turns the bytes of a file into a section; bytes undoes it.
func (g golden) text(data []byte) []byte {
	data = bytes.TrimPrefix(data, utf8BOM)
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	if g.options["final-newline"] == "no" {
		data = append(data, '\n')
	}
	return data
}

func TestGolden(t *testing.T) {
	used := map[string]bool{}
	for _, g := range goldens(t) {
		name := strings.TrimSuffix(filepath.Base(g.path), ".txtar")
		used[name] = true
		t.Run(name, func(t *testing.T) { g.run(t) })
	}
	for _, c := range Clients() {
		beside := slices.ContainsFunc(slices.Collect(maps.Keys(used)), func(name string) bool { return strings.HasPrefix(name, c.ID+"-beside") })
		if !used[c.ID+"-new"] || !c.PrintOnly && !beside {
			t.Errorf("no golden files for %s", c.ID)
		}
	}
}

func (g golden) run(t *testing.T) {
	section, _ := g.section("in")
	in := g.bytes(section)
	got, err := g.client().editor().apply(t.Context(), in, g.change)
	if *update {
		g.rewrite(t, got, err)
		return
	}
	if want, ok := g.section("error"); ok {
		if err == nil || err.Error() != strings.TrimSpace(string(want)) {
			t.Errorf("error %v, want %s", err, want)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want, ok := g.section("want")
	if !ok {
		t.Fatal("neither want nor error")
	}
	if want := g.bytes(want); !bytes.Equal(got, want) {
		t.Errorf("got:\n%q\nwant:\n%q", got, want)
	}
	if g.change.remove == nil && !g.change.force {
		checkEdit(t, g.client(), in, got, g.change.set)
		checkRemoved(t, g.client(), in, got, g.change.set)
	}
	again, err := g.client().editor().apply(t.Context(), got, g.change)
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("second run: %v\n%s", err, again)
	}
}

func (g golden) rewrite(t *testing.T, got []byte, err error) {
	t.Helper()
	var files []txtar.File
	for _, f := range g.archive.Files {
		if f.Name != "want" && f.Name != "error" {
			files = append(files, f)
		}
	}
	if err != nil {
		files = append(files, txtar.File{Name: "error", Data: []byte(err.Error() + "\n")})
	} else {
		files = append(files, txtar.File{Name: "want", Data: g.text(got)})
	}
	g.archive.Files = files
	if err := os.WriteFile(g.path, txtar.Format(g.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
