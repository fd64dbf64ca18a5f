// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// codexFile is a file of Codex with so many servers of others, all with an environment.
func codexFile(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[mcp_servers.server-%d]\ncommand = \"npx\"\nargs = [\"-y\", \"@org/server-%d\", \"--root=/home/ann\"]\n"+
			"startup_timeout_sec = 30\n[mcp_servers.server-%d.env]\nAPI_KEY = \"abcdefgh\"\nHOME = \"/home/ann\"\n\n", i, i, i)
	}
	return []byte(b.String())
}

// repeated is a file with an entry so many times, with its number for %d.
func repeated(n int, head, entry string) []byte {
	b := []byte(head)
	for i := range n {
		b = append(b, strings.ReplaceAll(entry, "%d", strconv.Itoa(i))...)
	}
	return b
}

// TestManyEntriesAreRead: nobody has so many, but they are read, and edited.
func TestManyEntriesAreRead(t *testing.T) {
	for _, tt := range []struct {
		id   string
		data []byte
	}{
		{"goose", gooseFile(5000)},
		{"goose", bytes.ReplaceAll(gooseFile(5000), []byte("\n  ext"), []byte("\n\n  # What it is for,\n  # and since when.\n  ext"))},
		{"goose", repeated(5000, "extensions:\n", "  ext%d:\n    args:\n    - -y\n    - '@org/server-%d'\n    - --root\n    - /home/ann\n    available_tools: []\n"+
			"    bundled: null\n    cmd: npx\n    description: 'does: things, a, b'\n    enabled: true\n    env_keys:\n    - TOKEN\n"+
			"    envs:\n      A: \"b\"\n      C: d\n      E: f\n    name: ext%d\n    timeout: 300\n    type: stdio\n")},
		{"codex", codexFile(5000)},
		{"codex", repeated(5000, "", "[mcp_servers.server-%d]\ncommand = \"npx\"\nargs = [\"-y\", \"@org/server-%d\", \"--root=/home/ann\", \"--x\"]\ncwd = \"/home/ann/work\"\n"+
			"startup_timeout_sec = 30\ntool_timeout_sec = 60\nenabled = true\nenabled_tools = [\"read\", \"write\", \"list\"]\n"+
			"[mcp_servers.server-%d.env]\nAPI_KEY = \"abcdefgh\"\nHOME = \"/home/ann\"\nPATH = \"/bin\"\n\n")},
		{"codex", repeated(5000, "", "[mcp_servers.server-%d]\ncommand = \"npx\"\nargs = [\"-y\", \"@org/server-%d\", \"--root=/home/ann\"]\nstartup_timeout_sec = 30\n"+
			"enabled = true\nenv = { API_KEY = \"abcdefgh\", HOME = \"/home/ann\", PATH = \"/bin\" }\n\n")},
	} {
		c, _ := Lookup(tt.id)
		if all, err := c.Entries(tt.data); err != nil || len(all) != 5000 {
			t.Errorf("%.80q: %d entries, %v", tt.data, len(all), err)
		}
		if _, err := c.Edit(tt.data, manyEntries("new", 1)); err != nil {
			t.Errorf("%.80q: %v", tt.data, err)
		}
	}
}

// TestTooManyValues: they are refused before they are parsed. What is long and no value
// is none of them.
func TestTooManyValues(t *testing.T) {
	for _, tt := range []struct {
		id, head, part, tail string
		refused              bool
	}{
		{"codex", "", "[k]\n", "", true},
		{"codex", "k=[", "0,", "]\n", true},
		{"codex", "k=[", "{a=0},", "]\n", true},
		{"codex", "k", ".a", "=0\n", true},
		{"codex", "k='", "[,.=", "'\n", false},
		{"codex", "k='''\n", "[,.='\n", "'''\n", false},
		{"codex", "k=\"", "[,.=\\\"", "\"\n", false},
		{"codex", "", "# [,.=\n", "", false},
		{"codex", `k=["""a"""", `, "0,", "\"b\"]\n", true},
		{"codex", "k=[''''''', ", "0,", "'b']\n", true},
		{"goose", "k:\n", "- 0\n", "", true},
		{"goose", "k: [", "0,", "0]\n", true},
		{"goose", "k: {", "? ,", "}\n", true},
		{"goose", "k: |\n", "  https://example.com:80/a-b\n", "", false},
		{"goose", "k: 0\n", "# c\n", "", false},
	} {
		c, _ := Lookup(tt.id)
		data := []byte(tt.head + strings.Repeat(tt.part, (4<<20)/len(tt.part)) + tt.tail)
		if _, err := c.Entries(data); errors.Is(err, errHeavy) != tt.refused || err != nil && !tt.refused {
			t.Errorf("%s, %q: %v", tt.id, tt.part, err)
		}
	}
}

// TestDeepTOML: the parser is recursive, and nesting without end would end the process.
func TestDeepTOML(t *testing.T) {
	c, _ := Lookup("codex")
	for open, shut := range map[string]string{"[": "]", "{a=": "}"} {
		for depth, ok := range map[int]bool{100: true, maxDepth + 1: false, 50_000: false, 4_000_000: false} {
			_, err := c.Entries([]byte("k = " + strings.Repeat(open, depth) + "0" + strings.Repeat(shut, depth)))
			var syntax *SyntaxError
			if ok && err != nil || !ok && !errors.As(err, &syntax) {
				t.Errorf("%s, %d deep: %v", open, depth, err)
			}
		}
	}
}
