// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what clients expand in a value.

package clientcfg

import (
	"errors"
	"strings"
	"testing"
)

// forms are what one client or another expands in a value.
var forms = map[string][]string{
	"braces":   {"${HOME}", "${A:-b}", "${env:A}", "${file:/x}", "${userHome}", "${workspaceFolder}", "${input:a}", "${{ secrets.A }}"},
	"secrets":  {"${{ secrets.A }}"},
	"dollar":   {"$HOME"},
	"percent":  {"%HOME%"},
	"curly":    {"{env:A}", "{file:/x}", "${env:A}", "${file:/x}"},
	"commands": {"$(id)", "`id`"},
	"tilde":    {"~", "~/x"},
	"shell":    {"a;b", "a|b", "a>b", "a'b", `a"b`, "a&b", "a*"},
	"blank":    {"a b"},
	"nothing":  {"a$", "100%", "{}", "a~b", "#a", "a,b=c", `C:\x\y`, "-x", "é"},
}

// expanded has, for every client, the forms that may not reach its file: those
// that it expands, or, where nothing is known, the commonest. "env", "command"
// and "program" restrict what follows to the environment, the command, or the
// command and its arguments.
var expanded = map[string]string{
	"claude":            "",
	"claude-code":       "braces",
	"vscode":            "braces program tilde",
	"vscode-insiders":   "braces program tilde",
	"visual-studio":     "braces",
	"copilot-cli":       "braces",
	"copilot-jetbrains": "braces",
	"cursor":            "braces",
	"windsurf":          "braces",
	"devin":             "braces",
	"zed":               "program braces dollar commands shell tilde lone-dollar",
	"cline":             "",
	"continue":          "secrets",
	"kiro":              "braces",
	"trae":              "braces command blank",
	"junie":             "braces",
	"codex":             "",
	"gemini-cli":        "braces dollar env percent",
	"qwen-code":         "braces dollar env percent",
	"antigravity":       "braces dollar env percent",
	"opencode":          "curly",
	"crush":             "braces dollar commands lone-dollar",
	"amp":               "braces",
	"goose":             "",
	"amazonq":           "braces",
	"lmstudio":          "braces",
	"warp":              "braces",
	"jetbrains-ai":      "braces",
	"cherry-studio":     "braces",
	"5ire":              "braces",
	"roo-code":          "braces",
}

// TestExpansion writes every form into every field of every client: it is
// refused, or it reads back as it is.
func TestExpansion(t *testing.T) {
	for _, c := range Clients() {
		rule, ok := expanded[c.ID]
		if !ok {
			t.Errorf("%s is not in the table of this test", c.ID)
			continue
		}
		for _, where := range []string{"command", "args[0]", "env X"} {
			refused := refusedIn(rule, where)
			for _, all := range forms {
				for _, form := range all {
					checkExpansion(t, c, where, form, refused[form])
				}
			}
		}
	}
	if len(expanded) != len(Clients()) {
		t.Errorf("%d clients in the table, %d there are", len(expanded), len(Clients()))
	}
}

// refusedIn returns the forms that a rule refuses in a field.
func refusedIn(rule, where string) map[string]bool {
	refused, applies := map[string]bool{}, true
	for word := range strings.FieldsSeq(rule) {
		switch word {
		case "program":
			applies = where != "env X"
		case "command":
			applies = where == "command"
		case "env":
			applies = where == "env X"
		case "lone-dollar":
			refused["a$"] = applies
		default:
			for _, form := range forms[word] {
				refused[form] = refused[form] || applies
			}
		}
	}
	return refused
}

func checkExpansion(t *testing.T, c Client, where, form string, refused bool) {
	t.Helper()
	e := Entry{Command: "/bin/x", Args: []string{"a"}, Env: map[string]string{"X": "v"}}
	switch where {
	case "command":
		e.Command = form
	case "env X":
		e.Env["X"] = form
	default:
		e.Args[0] = form
	}
	entries := map[string]Entry{"a": e}
	out, err := c.Edit(nil, entries)
	var bad *ValueError
	switch {
	case refused && (!errors.As(err, &bad) || bad.Field != where || bad.Client != c.Name || !strings.Contains(bad.Error(), "cannot be escaped")):
		t.Errorf("%s takes %q in %s: %v", c.ID, form, where, err)
	case !refused && err != nil:
		t.Errorf("%s does not take %q in %s: %v", c.ID, form, where, err)
	case !refused:
		checkEdit(t, c, nil, out, entries)
	}
}

// TestNamesOfEveryClient holds chapter 2: which of the names that apps may have
// a client takes, and that a name which it takes is found for any other.
func TestNamesOfEveryClient(t *testing.T) {
	all := []string{"grafana", "teleport-mcp-grafana", "a b", "a.b", "a_b", "aB", "é", "x$(id)", "servers", "timeout", "workspace", "filesystem-x", strings.Repeat("n", 80)}
	refused := map[string]string{
		"claude-code": "a b,a.b,é,x$(id),workspace",
		"cursor":      "filesystem-x",
		"codex":       "a b,a.b,é,x$(id)",
		"gemini-cli":  "a b,a.b,a_b,é,x$(id)",
		"goose":       "a b,a.b,aB,é,x$(id)",
		"opencode":    "servers,timeout",
		"crush":       "a b,é,x$(id)",
	}
	for _, c := range Clients() {
		bad := strings.Split(refused[c.ID], ",")
		for _, name := range all {
			_, err := c.Edit(nil, map[string]Entry{name: {Command: "/bin/tshmcp"}})
			want := false
			for _, b := range bad {
				want = want || b == name
			}
			var nameErr *NameError
			if want != errors.As(err, &nameErr) || !want && err != nil {
				t.Errorf("%s: %q: %v", c.ID, name, err)
			}
			safe := c.SafeName(name)
			if !want && safe != name {
				t.Errorf("%s: %q becomes %q without need", c.ID, name, safe)
			}
			if _, err := c.Edit(nil, map[string]Entry{safe: {Command: "/bin/tshmcp"}}); err != nil {
				t.Errorf("%s: %q becomes %q: %v", c.ID, name, safe, err)
			}
		}
	}
}
