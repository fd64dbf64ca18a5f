// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestEntries writes an entry for every client and reads it back, beside one
// of another program.
func TestEntries(t *testing.T) {
	entry := Entry{Command: "/opt/tshmcp", Args: []string{"connect", "gone"}, Env: map[string]string{"K": "v"}}
	for _, c := range Clients() {
		out, err := c.Edit(nil, map[string]Entry{"a": {Command: "/bin/npx", Args: []string{"secret"}}})
		if err != nil {
			t.Fatal(err)
		}
		if out, err = c.Edit(out, map[string]Entry{"b": entry}); err != nil {
			t.Fatal(err)
		}
		got, err := c.Entries(out)
		want := []Found{{Name: "a", Program: "npx"}, {Name: "b", Program: "tshmcp", Ours: true, Entry: entry}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", c.ID, got, err)
		}
		got, err = c.Entries(out, "/bin/npx")
		if err != nil || !got[0].Ours || got[0].Entry.Args[0] != "secret" {
			t.Errorf("%s, with npx as ours: %+v, %v", c.ID, got, err)
		}
		for _, blank := range []string{"", " \n", "\ufeff"} {
			if c.noMark && blank == "\ufeff" {
				continue // TestByteOrderMark
			}
			if got, err := c.Entries([]byte(blank)); got != nil || err != nil {
				t.Errorf("%s in a blank file: %+v, %v", c.ID, got, err)
			}
		}
	}
}

func TestEntriesOfOddFiles(t *testing.T) {
	for _, tt := range []struct{ client, file, want string }{
		{"cursor", `{"other": 1}`, ""},
		{"cursor", `{"mcpServers": {"x": 1, "y": {"url": "u"}, "z": {"command": "a b c"}}}`, "x= y= z=a"},
		{"cursor", `{"mcpServers": []}`, "error: mcpServers is not an object"},
		{"cursor", `{"mcpServers": {"x": {}, "x": {}}}`, `error: "x" is there twice`},
		{"cursor", `{`, "error: unexpected end"},
		{"codex", "[mcp_servers.b]\ncommand='tshmcp'\n[mcp_servers]\n[mcp_servers.a.env]\nx='1'\n", "b=tshmcp a="},
		{"codex", "x=1", ""},
		{"codex", "[[mcp_servers]]", "error: list of tables"},
		{"goose", "extensions:\n", ""},
		{"goose", "extensions: {a: {cmd: npx}}\n", "a=npx"},
		{"goose", "x: &x {}\nextensions:\n  a: *x\n  b:\n    cmd: tshmcp\n", "a= b=tshmcp"},
		{"continue", "mcpServers:\n- uses: x\n- name: a\n- text\n", "a="},
	} {
		c, _ := Lookup(tt.client)
		all, err := c.Entries([]byte(tt.file))
		var got []string
		for _, f := range all {
			got = append(got, f.Name+"="+f.Program)
		}
		text := strings.Join(got, " ")
		if want, isError := strings.CutPrefix(tt.want, "error: "); isError && (err == nil || !strings.Contains(err.Error(), want)) || !isError && (err != nil || text != want) {
			t.Errorf("%s %q: %s, %v", tt.client, tt.file, text, err)
		}
	}
}

func TestPreview(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "mcp.json"), filepath.Join(folder, "link")
	p, err := testClient.Preview(t.Context(), path, entryFor("x"), Options{})
	if err != nil || p.Before != nil || string(p.After) != edited(t, "", entryFor("x")) {
		t.Errorf("no file: %q %q %v", p.Before, p.After, err)
	}
	writeFile(t, path, oldFile, 0o600)
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err) // Windows without the right to
	}
	p, err = testClient.Preview(t.Context(), link, entryFor("x"), Options{})
	if err != nil || string(p.Before) != oldFile || string(p.After) != edited(t, oldFile, entryFor("x")) {
		t.Errorf("%q %q %v", p.Before, p.After, err)
	}
	p, err = testClient.PreviewRemoval(t.Context(), path, []string{"x"}, Options{})
	if err != nil || string(p.Before) != oldFile || string(p.After) != oldFile {
		t.Errorf("%q %q %v", p.Before, p.After, err)
	}
	if content := readFile(t, path); content != oldFile || len(names(t, folder)) != 2 {
		t.Errorf("not only looked at: %q %v", content, names(t, folder))
	}
	writeFile(t, path, "{", 0o600)
	var syntax *SyntaxError
	if _, err := testClient.Preview(t.Context(), path, entryFor("x"), Options{}); !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Error(err)
	}
	if _, err := testClient.EntriesOf(path, nil); !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Error(err)
	}
	if all, err := testClient.EntriesOf(filepath.Join(folder, "none"), nil); all != nil || err != nil {
		t.Errorf("%v, %v", all, err)
	}
	writeFile(t, path, oldFile, 0o400)
	if _, err := testClient.Preview(t.Context(), path, entryFor("x"), Options{}); !errors.Is(err, ErrReadOnly) {
		t.Error(err)
	}
}

// TestWaitEndsWithContext: the wait for another tshmcp can be given up.
func TestWaitEndsWithContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	unlock, err := lock(t.Context(), path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := testClient.WriteContext(ctx, path, entryFor("x"), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	// Nothing to do needs no lock.
	if _, err := testClient.RemoveFromContext(ctx, path, []string{"x"}, Options{}); err != nil {
		t.Error(err)
	}
}

func TestJSONStyle(t *testing.T) {
	const pretty = "{\n  \"a\": 1\n}\n"
	entries := map[string]Entry{"x": {Command: "tshmcp"}}
	for _, tt := range []struct {
		in   string
		look JSONStyle
		want string
	}{
		{"", JSONPretty, "{\n  \"mcpServers\": {\n    \"x\": {\n      \"command\": \"tshmcp\",\n      \"args\": []\n    }\n  }\n}\n"},
		{"", JSONAuto, "{\n  \"mcpServers\": {\n    \"x\": {\n      \"command\": \"tshmcp\",\n      \"args\": []\n    }\n  }\n}\n"},
		{"", JSONCompact, "{\"mcpServers\":{\"x\":{\"command\":\"tshmcp\",\"args\":[]}}}\n"},
		{"", JSONNone, "{\"mcpServers\":{\"x\":{\"command\":\"tshmcp\",\"args\":[]}}}\n"},
		{pretty, JSONCompact, "{\n  \"a\": 1,\n  \"mcpServers\":{\"x\":{\"command\":\"tshmcp\",\"args\":[]}}\n}\n"},
		{`{"a":1}`, JSONPretty, "{\"a\":1,\n  \"mcpServers\": {\n    \"x\": {\n      \"command\": \"tshmcp\",\n      \"args\": []\n    }\n  }}"},
		{`{"mcpServers":{"a":{}}}`, JSONPretty, "{\"mcpServers\":{\"a\":{},\n  \"x\": {\n    \"command\": \"tshmcp\",\n    \"args\": []\n  }}}"},
		{`{"mcpServers":{"a":{}}}`, JSONAuto, `{"mcpServers":{"a":{},"x":{"command":"tshmcp","args":[]}}}`},
	} {
		ch := Options{JSON: tt.look}.change(change{set: entries})
		got, err := testClient.editor().apply(t.Context(), []byte(tt.in), ch)
		if err != nil || string(got) != tt.want {
			t.Errorf("%q %s: %v\n%s", tt.in, tt.look, err, got)
		}
		if again, err := testClient.editor().apply(t.Context(), got, ch); err != nil || string(again) != string(got) {
			t.Errorf("%q %s again: %v\n%s", tt.in, tt.look, err, again)
		}
		checkEdit(t, testClient, []byte(tt.in), got, entries)
		checkRemoved(t, testClient, []byte(tt.in), got, entries)
	}
}

// TestRenderAll: what is printed has the client's own format, and nothing that
// a person has in the file already.
func TestRenderAll(t *testing.T) {
	for id, want := range map[string]string{
		"codex":         "[mcp_servers.a]\ncommand = \"tshmcp\"\nstartup_timeout_sec = 30\n",
		"goose":         "extensions:\n  a:\n    name: a\n    type: stdio\n    cmd: tshmcp\n    args: []\n    description: \"MCP server behind Teleport\"\n    enabled: true\n    timeout: 300\n",
		"continue":      "mcpServers:\n  - name: a\n    type: stdio\n    command: tshmcp\n    args: []\n",
		"cherry-studio": "{\"mcpServers\":{\"a\":{\"command\":\"tshmcp\",\"args\":[]}}}\n",
	} {
		c, _ := Lookup(id)
		got, err := c.RenderAll(map[string]Entry{"a": {Command: "tshmcp"}}, Options{JSON: JSONCompact})
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", id, err, got)
		}
	}
}
