// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package predicate

import (
	"strings"
	"testing"
)

// selects is Parse and Selects together.
func selects(text string) (bool, error) {
	e, err := Parse(text)
	if err != nil {
		return false, err
	}
	return e.Selects(grafana)
}

// texts are expressions, each of which means the same to Go's parser.
var texts = []string{
	``, ` `, `name`, `name ==`, `name == `, `name == "grafana-mcp"`, "name == `grafana-mcp`", "name == `graf\rana-mcp`",
	`name == "grafana\x2dmcp"`, `name == "\u0067rafana-mcp" && !(labels["env"] != "dev")`, `name == "\q"`, `name == "\400"`,
	`name == "\ud800"`, `name == "x`, "name == \"x\n\"", "name == `x", `name == 'w'`, `name == 'web'`, `name == '`, `name == ''`,
	`name == '\''`, `name == "\'"`, `name = "x"`, `name == "x" name`, `&& name == "x"`, `name == "x" &&`, `(name == "x"`, `name == "x")`,
	"name\n== \"x\"", "name ==\n\"x\"", "(name\n)", "search(\"graf\"\n)", "search(\n\"graf\",\n)\n\n", `search("graf",)`, `search(`, `search("graf"`,
	`search(,)`, `search("a" "b")`, `search()`, `search`, `(search)("graf")`, `exists(labels.env)("x")`, `labels[]`, `labels["env"`,
	`labels.`, `labels .env == "dev"`, `labels.type == "x"`, `range == "x"`, `(name) == "x"`, `labels["env"]["x"] == ""`,
	`labels[labels["odd key"]] == ""`, `name == 1`, `name == 1 || exists(name)`, `exists(name) || 1`, `exists(name) || name`,
	`-exists(name)`, `!!exists(name)`, `!name`, `^!exists(name)`, `name++`, `name <- "x"`, `name <-"x"`, `name < -"x"`, `name == name == name`,
	`exists(name) || exists(name) && nothing`, `exists(name) == exists(name)`, `name + "x" == "y"`, `"x" &^ name`, `name << 2 >= "x"`,
	`~name`, `name; name`, `name # name`, `name == “x”`, `größe == ""`, `x١ == ""`, `١ == ""`, `"x"{}`, `a.b.c == ""`, `name:name`,
}

// TestAsGo holds texts to what they mean to Go's parser, errors included.
func TestAsGo(t *testing.T) {
	for _, text := range texts {
		t.Run(text, func(t *testing.T) {
			want, wantErr := oracleSelects(text, grafana)
			got, err := selects(text)
			if got != want || (err == nil) != (wantErr == nil) {
				t.Fatalf("%v, %v; want %v, %v", got, err, want, wantErr)
			}
			if err != nil && inWords(err) != inWords(wantErr) {
				t.Errorf("error %q, want %q", err, wantErr)
			}
		})
	}
}

// inWords is an error's text, without how many more there are and without which escape
// or character it is about.
func inWords(err error) string {
	words, _, _ := strings.Cut(err.Error(), " (and ")
	words = strings.Replace(words, "escape sequence is invalid Unicode code point", "unknown escape sequence", 1)
	words = strings.Replace(words, "curly quotation mark '“' (use neutral '\"')", "illegal character U+201C '“'", 1)
	return words
}

// TestNotGo has what Go's parser reads and this one refuses: nothing of it is part of the
// language, and what is not evaluated would pass.
func TestNotGo(t *testing.T) {
	for _, text := range []string{
		`exists(name) || func() {}`, `exists(name) || []string{}`, `exists(name) || name.(string)`, `exists(name) || labels{}`,
		`exists(name) /* x */`, `exists(name) // x`, `exists(name) || name[1:2]`, `exists(name) || search(name...)`, `exists(name) || *name`,
		`exists(name) || <-name`, `exists(name) || 0x1`, `exists(name) || 1.5`, `exists(name) || 1i`, `exists(name) || .5`, `exists(name) || labels.1`,
		`exists(name) || name[a, b]`, "\uFEFFexists(name)", `exists(name) || 99999999999999999999`, `exists(name) || 1_000`,
	} {
		if ok, err := oracleSelects(text, grafana); err == nil && !ok {
			t.Errorf("%s: Go's parser does not select: %v", text, err)
		}
		if _, err := Parse(text); err == nil || !strings.HasPrefix(err.Error(), "parsing expression\n\t1:") {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

// An expression has an end, however deep it goes.
func TestLongExpressions(t *testing.T) {
	for _, part := range []string{"(", "!", "name == name && ", "labels[", "search(", "- ", "a||"} {
		if _, err := Parse(strings.Repeat(part, 200_000)); err == nil || !strings.Contains(err.Error(), "too long") {
			t.Errorf("%q: %v", part, err)
		}
	}
	if ok, err := selects(strings.Repeat(`exists(name) && `, 30_000) + "exists(name)"); err != nil || !ok {
		t.Error(ok, err)
	}
}

// FuzzAsGo holds any text to what it means to Go's parser: nothing is accepted that
// it refuses or reads otherwise, and nothing of the language refused.
func FuzzAsGo(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		want, wantErr := oracleSelects(text, grafana)
		e, err := Parse(text)
		if err != nil {
			if inSubset(text) {
				t.Fatalf("%q is refused: %v", text, err)
			}
			return
		}
		got, err := e.Selects(grafana)
		if got != want || (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Fatalf("%q: %v, %v; want %v, %v", text, got, err, want, wantErr)
		}
	})
}
