// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"os"
	"slices"
	"testing"
)

func TestSplitWords(t *testing.T) {
	for line, want := range map[string][]string{
		"":                         nil,
		"  ":                       nil,
		"a":                        {"a"},
		" a\t b  c ":               {"a", "b", "c"},
		`a "b c" 'd "e" f'`:        {"a", "b c", `d "e" f`},
		`a --x="b c"d ""`:          {"a", "--x=b cd", ""},
		`"C:\Program Files\x" C:\`: {`C:\Program Files\x`, `C:\`},
		"größe 'ü ö'":              {"größe", "ü ö"},
	} {
		if got, err := splitWords(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", line, got, err, want)
		}
	}
	for _, line := range []string{`"`, `a 'b`, `a "b'`} {
		if got, err := splitWords(line); err != errOpenQuote {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
}

// TestAskedForCommand is a stdio app: a program that is there.
func TestAskedForCommand(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := stageWith(func(s *Stage) { s.Apps = []string{`files=mcp+stdio:"` + exe + `" -x 'a b'`} })
	cfg, err := s.Config()
	if err != nil {
		t.Fatal(err)
	}
	if app := cfg.Apps[0]; app.Name != "files" || app.URI != "mcp+stdio://" || !slices.Equal(app.Command, []string{exe, "-x", "a b"}) {
		t.Errorf("app %+v", app)
	}
	const want = "--app takes NAME='mcp+stdio:COMMAND ARG...'"
	for _, arg := range []string{"a=mcp+stdio:", "a=mcp+stdio: ", "a=mcp+stdio://", "a=mcp+stdio://teleport-mcp-demo", `a=mcp+stdio:"x`, `a=mcp+stdio:""`, "a=mcp+stdio:/there/is/none", "a=mcp+stdio:/", "a=MCP+STDIO:"} {
		wantRefused(t, want, func(s *Stage) { s.Apps = []string{arg} })
	}
	for _, line := range []string{"x | tee y", "x >y", "x && y", "x ; y", "x 2>&1", "x &", "x <y", "x |& y"} {
		wantRefused(t, "no shell reads it: write sh -c '...'", func(s *Stage) { s.Apps = []string{"a=mcp+stdio:" + exe + line[1:]} })
	}
	quoted := stageWith(func(s *Stage) { s.Apps = []string{`a=MCP+Stdio:"` + exe + `" '|' ">" a|b x=>y`} })
	if cfg, err := quoted.Config(); err != nil || cfg.Apps[0].URI != "mcp+stdio://" || !slices.Equal(cfg.Apps[0].Command[1:], []string{"|", ">", "a|b", "x=>y"}) {
		t.Errorf("%+v, %v", cfg.Apps, err)
	}
	for _, arg := range []string{"a=mcp+stdio:~/x", "a=mcp+stdio:$HOME/x", "a=mcp+stdio:FOO=1 x"} {
		wantRefused(t, "(no shell reads it)", func(s *Stage) { s.Apps = []string{arg} })
	}
	for _, app := range s.Apps {
		wantRefused(t, "a stdio server has no headers", func(s *Stage) { s.Apps, s.Rewrites = []string{app}, []string{"files=X: y"} })
	}
	wantRefused(t, "an SSE server gets headers from the newest Teleport alone", func(s *Stage) {
		s.Version, s.Apps, s.Rewrites = "18.8", []string{"a=mcp+sse+http://127.0.0.1:1/sse"}, []string{"a=X: y"}
	})
}
