// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	words := []string{"tshmcp", "config", "--query=labels[\"a\"] == 'b'", "", `--identity=C:\a\id`, `--out=C:\a b\`, `\" \\"`, "--client-config=a,b"}
	for goos, want := range map[string]string{
		"linux":   `tshmcp config '--query=labels["a"] == '\''b'\''' '' '--identity=C:\a\id' '--out=C:\a b\' '\" \\"' --client-config=a,b`,
		"windows": `tshmcp config "--query=labels[\"a\"] == 'b'" "" --identity=C:\a\id "--out=C:\a b\\" "\\\" \\\\\"" --client-config=a,b`,
	} {
		if got := CommandLine(goos, words); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", goos, got, want)
		}
	}
}

// TestCommandInShell has a shell read what was quoted.
func TestCommandInShell(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no shell to ask on Windows")
	}
	words := []string{"--proxy=[::1]:443", "it's", "a b", "$HOME", "`id`", "~", "*", "#x", "--p=\"q\"", `\`, "!1", "a;b", "", "ünï", "-n"}
	out, err := exec.Command("sh", "-c", `printf '%s\n' `+Command(words...)).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"); !slices.Equal(got, words) {
		t.Errorf("got  %q\nwant %q", got, words)
	}
	for _, word := range hostile(t) {
		if hidden := Line(word) != word; hidden != (Command(word) == "…") || hidden != (CommandLine("linux", []string{word}) == "") {
			t.Errorf("%q: %q", word, Command(word))
		}
	}
}
