// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

func TestDiffOnTerminal(t *testing.T) {
	p := plan{
		target: target{path: "/home/a/mcp.json"},
		before: []byte("{\n\t\"a\": \"\x1b[2Jx\",\n}\n"),
		after:  []byte("{\n\t\"a\": \"\x1b[2Jx\",\n  \"b\": 1\n}"),
	}
	const plain = `--- /home/a/mcp.json
+++ /home/a/mcp.json
@@ -1,3 +1,4 @@
 {
     "a": " [2Jx",
-}
+  "b": 1
+}
\ No newline at end of file
`
	const coloured = "\x1b[1m--- /home/a/mcp.json\x1b[0m\n\x1b[1m+++ /home/a/mcp.json\x1b[0m\n\x1b[36m@@ -1,3 +1,4 @@\x1b[0m\n" +
		" {\n     \"a\": \" [2Jx\",\n\x1b[31m-}\x1b[0m\n\x1b[32m+  \"b\": 1\x1b[0m\n\x1b[32m+}\x1b[0m\n\\ No newline at end of file\n"
	for _, test := range []struct {
		name    string
		goos    string
		environ map[string]string
		want    string
	}{
		{"colours", "linux", map[string]string{"TERM": "xterm"}, coloured},
		{"NO_COLOR", "linux", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, plain},
		{"dumb", "linux", map[string]string{"TERM": "dumb"}, plain},
		{"old console", "windows", nil, plain},
		{"Windows Terminal", "windows", map[string]string{"WT_SESSION": "1"}, coloured},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			o := configOptions{global: &global{env: &env{
				goos:   test.goos,
				getenv: func(name string) string { return test.environ[name] },
			}}}
			if err := o.showDiff(&out, true, p); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("got\n%q\nwant\n%q", out.String(), test.want)
			}
		})
	}
}

func TestDrifted(t *testing.T) {
	dir := t.TempDir()
	versioned, link, other := filepath.Join(dir, "tshmcp-1"), filepath.Join(dir, "tshmcp"), filepath.Join(dir, "other")
	for _, file := range []string{versioned, other} {
		if err := os.WriteFile(file, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(versioned, link); err != nil {
		t.Skip(err)
	}
	for entry, want := range map[string]bool{
		link: false, versioned: false, filepath.Join(dir, ".", "tshmcp"): false, other: true, filepath.Join(dir, "gone"): true, "tshmcp": true,
	} {
		if got := drifted(entry, link); got != want {
			t.Errorf("an entry that runs %s: drifted is %t, want %t", entry, got, want)
		}
	}
}

// TestRunningPrograms finds this very test among the programs that run.
func TestRunningPrograms(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(exe)
	if runtime.GOOS == "linux" {
		name = name[:min(len(name), 15)] // as much as the kernel keeps
	}
	if all := runningPrograms(t.Context(), runtime.GOOS); !slices.Contains(all, name) {
		t.Errorf("%s is not among %q", name, all)
	}
}

func TestLiteralTools(t *testing.T) {
	got := literal([]string{"get_note", "get_*", "^(get|search)_.*$", "a.b", ""})
	if want := []string{"get_note", "a.b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
