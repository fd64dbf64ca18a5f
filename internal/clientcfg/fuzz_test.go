// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: any bytes as a client's file.

package clientcfg

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// fuzzEdit edits any bytes as the file of any client with a format. Either the
// file is refused with a position, or all promises hold.
func fuzzEdit(f *testing.F, clients []Client) {
	for _, g := range goldens(f) {
		in, _ := g.section("in")
		for which, c := range clients {
			if c.ID == g.options["client"] || which == 0 {
				f.Add(g.bytes(in), "teleport-mcp-grafana", uint8(which))
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, name string, which uint8) {
		c := clients[int(which)%len(clients)]
		entries := map[string]Entry{name: {Command: "/opt/tshmcp", Args: []string{"connect", "a"}, Env: map[string]string{"K": "v"}}}
		out, err := c.Edit(data, entries)
		checkJSONAsOthers(t, c, data)
		checkYAMLCount(t, c, data)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if differ(c, data) {
			return
		}
		checkEdit(t, c, data, out, entries)
		checkRemoved(t, c, data, out, entries)
		// An anchor that the entry has may be referred to from elsewhere.
		if _, err := c.Remove(out, []string{name}); err != nil && !bytes.ContainsRune(data, '&') {
			t.Errorf("edited, but cannot be removed from: %v\n%q", err, out)
		}
	})
}

// differ reports whether the parsers disagree about a file: the one that the
// tests use does not take it. YAML has such corners.
func differ(c Client, in []byte) bool {
	if c.editor().format != YAML {
		return false
	}
	_, err := tryDecode(YAML, bytes.TrimPrefix(in, utf8BOM))
	return err != nil
}

func withFormat(formats ...Format) []Client {
	return slices.DeleteFunc(Clients(), func(c Client) bool { return c.PrintOnly || !slices.Contains(formats, c.Format) })
}

func FuzzEdit(f *testing.F) {
	fuzzEdit(f, append(withFormat(JSON, JSONComments, JSONC), forPath(f, "/x.json"), Client{}))
}

func FuzzTOML(f *testing.F) {
	fuzzEdit(f, append(withFormat(TOML), forPath(f, "/x.toml")))
}

func FuzzYAML(f *testing.F) {
	fuzzEdit(f, append(withFormat(YAML), forPath(f, "/x.yaml")))
}

// checkRefusal: no refusal may come from a mistake of the editor.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var syntax *SyntaxError
	var foreign *ForeignEntryError
	var name *NameError
	var unknown *UnknownFileError
	switch {
	case errors.Is(err, errVerify), errors.Is(err, errLoop):
		t.Error(err)
	case errors.As(err, &syntax):
		if syntax.Line < 1 || syntax.Column < 1 {
			t.Error(err)
		}
	case !errors.As(err, &unknown) && !errors.As(err, &foreign) && !errors.As(err, &name) && !errors.Is(err, ErrFormat):
		t.Errorf("untyped error %v", err)
	}
}

var (
	smallJSON  = []string{"", `{"x":1}`, "{\r\n\t\"mcpServers\": {\r\n\t\t\"b\": {}\r\n\t}\r\n}"}
	smallFiles = map[Format][]string{
		JSON: smallJSON, JSONC: smallJSON, JSONComments: smallJSON,
		TOML: {"", "x = 1", "[mcp_servers.b]\r\nurl = 'x'\r\n"},
		YAML: {"", "x: 1", "extensions:\r\n  b:\r\n    type: x\r\n", "mcpServers:\n- name: b\n"},
	}
)

// FuzzEntry writes any entry into a small file: it is refused, or reads back as
// it is.
func FuzzEntry(f *testing.F) {
	f.Fuzz(func(t *testing.T, name, command, arg, key, value string) {
		entries := map[string]Entry{name: {Command: command, Args: []string{arg, "", arg}, Env: map[string]string{key: value}}}
		for _, c := range append(Clients(), Client{}) {
			for _, in := range smallFiles[c.editor().format] {
				out, err := c.Edit([]byte(in), entries)
				var bad *ValueError
				var badName *NameError
				if errors.As(err, &bad) || errors.As(err, &badName) {
					continue
				}
				var foreign *ForeignEntryError
				if errors.As(err, &foreign) && name == "b" {
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if isJSON := c.editor().format != TOML && c.editor().format != YAML; isJSON && !json.Valid(out) {
					t.Fatalf("not plain JSON: %q", out)
				}
				checkEdit(t, c, []byte(in), out, entries)
				checkRemoved(t, c, []byte(in), out, entries)
			}
		}
		if c := (Client{}); c.CheckName(name) == nil && c.Check(entries[name]) == nil {
			out, err := c.render(name, entries[name])
			if err != nil || !bytes.HasSuffix(out, []byte("}\n")) {
				t.Errorf("render: %v %q", err, out)
			}
		}
	})
}

func TestCorpus(t *testing.T) {
	for name, least := range map[string]int{"FuzzEdit": 40, "FuzzTOML": 20, "FuzzYAML": 20, "FuzzEntry": 5} {
		files, err := filepath.Glob("testdata/fuzz/" + name + "/*")
		if err != nil || len(files) < least {
			t.Errorf("%s: only %d files in the corpus (%v)", name, len(files), err)
		}
	}
}
