// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"slices"
	"strings"
	"testing"
)

// TestWrapSpeech: words are wrapped; links and commands stay in one piece.
func TestWrapSpeech(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"tshmcp: short\n", "tshmcp: short\n"},
		{
			"tshmcp: this is the bridge to the MCP server notes, which clients start\n",
			"tshmcp: this is the bridge to the MCP\n    server notes, which clients start\n",
		},
		{
			"tshmcp: error: not logged in to a.example.com; run: tshmcp login --proxy=a.example.com --user='Ann B.'\n",
			"tshmcp: error: not logged in to\n    a.example.com; run:\n    tshmcp login --proxy=a.example.com --user='Ann B.'\n",
		},
		{
			"tshmcp: hint: tshmcp use a.example.com, or give the cluster's name with --cluster=NAME\n",
			"tshmcp: hint: tshmcp use a.example.com,\n    or give the cluster's name with\n    --cluster=NAME\n",
		},
		{
			"tshmcp: hint: the cluster's roles: tshmcp ls --cluster='a  b' shows them\n",
			"tshmcp: hint: the cluster's roles:\n    tshmcp ls --cluster='a  b' shows them\n",
		},
		{
			"Open this link:\n\n  http://127.0.0.1:45123/a-link-that-is-longer-than-the-window\n\n",
			"Open this link:\n\n  http://127.0.0.1:45123/a-link-that-is-longer-than-the-window\n\n",
		},
		{
			"| Be careful, said the company to all of its users.\n",
			"| Be careful, said the company to all of\n| its users.\n",
		},
		{
			"  | Be careful, said the server to whoever calls it.\n",
			"  | Be careful, said the server to\n  | whoever calls it.\n",
		},
		{
			"本番環境のサーバーに接続しています お待ちください 本番\n",
			"本番環境のサーバーに接続しています\n    お待ちください 本番\n",
		},
	} {
		if got := wrapSpeech(test.text, 40); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
		if got := wrapSpeech(test.text, 0); got != test.text {
			t.Errorf("into a pipe:\n%s", got)
		}
	}
}

// TestLongestCommand: a text of a program's name alone is not looked through to its end
// for each of them.
func TestLongestCommand(t *testing.T) {
	words := append(slices.Repeat([]string{"tshmcp"}, 10_000), "--flag")
	if n := commandWords(words, true); n != longestCommand {
		t.Errorf("a command of %d words", n)
	}
	if n := commandWords(words, false); n > longestCommand {
		t.Errorf("a command of %d words in a sentence", n)
	}
}

// FuzzWrapSpeech: whatever is said, its words stay as they are, and no line is wider
// than the window unless it is one piece.
func FuzzWrapSpeech(f *testing.F) {
	f.Add("tshmcp: hint: run: tshmcp login --proxy='a b", 20)
	f.Add("  a  b ' tshmcp x; \" tsh", 21)
	f.Add("| 本番", 4)
	f.Add("0000000000000000| 00000000", 24)
	f.Add("0000000000000000\t00000", 20)
	f.Add("\t 00000000000000000000", 20)
	f.Fuzz(func(t *testing.T, text string, width int) {
		text = Text(text)
		if width < 20 || width > 200 {
			return
		}
		got := wrapSpeech(text, width)
		unmarked := func(s string) []string {
			return slices.DeleteFunc(strings.Fields(s), func(word string) bool { return word == "|" })
		}
		if !slices.Equal(unmarked(got), unmarked(text)) {
			t.Errorf("%q became %q", text, got)
		}
		if slices.ContainsFunc(commands, func(program string) bool { return strings.Contains(text, program) }) || strings.Contains(text, "  ") {
			return // in one piece, or further in
		}
		for line := range strings.Lines(got) {
			line = strings.TrimSuffix(line, "\n")
			if len(pieces(strings.TrimPrefix(line, "| "))) > 1 && Width(line) > width {
				t.Errorf("%d cells, not %d: %q", Width(line), width, line)
			}
		}
	})
}
