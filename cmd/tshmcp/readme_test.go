// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the README shows what the demo prints.

package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the transcript in the README")

// varying are the parts of a transcript that differ from run to run.
var varying = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:PORT"},
	{regexp.MustCompile(`(http://127\.0\.0\.1:PORT/)\S+`), "${1}LINK"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d \S+`), "TIME"},
	{regexp.MustCompile(`\.bak-[0-9A-Za-z.-]+`), ".bak-TIME"},
	{regexp.MustCompile(`"command": ".*"`), `"command": "COMMAND"`},
}

// TestReadmeTranscript holds that the README shows what the demo prints.
func TestReadmeTranscript(t *testing.T) {
	const readme = "../../README.md"
	const open, end = "<!-- demo -->\n```console\n", "```\n<!-- /demo -->"
	got := strings.TrimRight(output(t, tshmcp(t, os.Environ(), "demo")), "\n") + "\n"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), open)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the README has no transcript of the demo")
	}
	if *update {
		if err := os.WriteFile(readme, []byte(before+open+got+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if a, b := settled(shown), settled(got); a != b {
		t.Errorf("the README shows\n%s\nbut the demo prints\n%s\n(go test ./cmd/tshmcp -run Readme -update rewrites it)", a, b)
	}
}

func settled(s string) string {
	for _, v := range varying {
		s = v.pattern.ReplaceAllString(s, v.with)
	}
	return s
}
