// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, tt := range []struct {
		client string
		good   bool
		names  []string
	}{
		{"", true, []string{"a", "a b", "a.b", "é", "filesystem", "workspace", "a/b"}},
		{"", false, []string{"", " a", "a ", "\ta", "a\nb", "a\x00", "\xff", "a\u0085", "a\u202eb", "a\u2066", "a\u2028b", strings.Repeat("x", 201)}},
		{"claude", true, []string{"grafana mcp", "a.b"}},
		{"claude-code", true, []string{"teleport-mcp-grafana", "A_1", "workspaces"}},
		{"claude-code", false, []string{"a b", "a.b", "é", "workspace", "claude-in-chrome", "computer-use", "Claude Preview"}},
		{"cursor", true, []string{"teleport-mcp-x.y", "my-filesystem"}},
		{"cursor", false, []string{"filesystem", "filesystem-x"}},
		{"vscode", true, []string{"teleport-mcp-x.y"}},
		{"codex", true, []string{"teleport-mcp-grafana", "A_1"}},
		{"codex", false, []string{"a.b", "a b", "é"}},
		{"gemini-cli", false, []string{"a_b", "a.b", "a b"}},
		{"goose", true, []string{"teleport-mcp-grafana", "a_1"}},
		{"goose", false, []string{"A", "a b", "a.b"}},
		{"opencode", false, []string{"servers", "timeout"}},
		{"crush", false, []string{"a$(x)", "a`x`", "$X"}},
	} {
		c, _ := Lookup(tt.client)
		for _, name := range tt.names {
			err := c.CheckName(name)
			if (err == nil) != tt.good {
				t.Errorf("%s: %q: %v", tt.client, name, err)
			}
			var bad *NameError
			if err != nil && (!errors.As(err, &bad) || bad.Name != name) {
				t.Errorf("%T %v", err, err)
			}
		}
	}
}

func TestCheckValues(t *testing.T) {
	const secret = "hunter2"
	entry := func(command, arg, value string) Entry {
		return Entry{Command: command, Args: []string{"connect", arg}, Env: map[string]string{"X": value}}
	}
	for _, tt := range []struct {
		clients string
		entry   Entry
		field   string // "" if it is accepted
	}{
		{"claude claude-code cursor vscode vscode-insiders", entry("/bin/tshmcp", "$HOME", "$(x) %Y% {env:Z} $"), ""},
		{"claude", entry("/bin/${x}", "${x}", "${x}"), ""},
		{"claude-code cursor vscode", entry("/bin/${HOME}", "a", "b"), "command"},
		{"claude-code cursor vscode", entry("/bin/x", "${env:A}", "b"), "args[1]"},
		{"claude-code cursor vscode", entry("/bin/x", "a", secret+"${A:-b}"), "env X"},
		{"vscode vscode-insiders", entry("~/tshmcp", "a", "b"), "command"},
		{"vscode vscode-insiders", entry("/bin/x", "~", "b"), "args[1]"},
		{"vscode cursor", entry("/bin/x", "a~", "~/x"), ""},
		{"cursor", entry("~/tshmcp", "~", "~"), ""},
		{"gemini-cli qwen-code antigravity", entry("/bin/$HOME/x", "a", "b"), "command"},
		{"gemini-cli qwen-code", entry("/bin/x", "${A:-b}", "b"), "args[1]"},
		{"gemini-cli qwen-code", entry("/bin/x", "a", "%APPDATA%"), "env X"},
		{"gemini-cli qwen-code", entry("/bin/x", "%A%", "100% of $5"), ""},
		{"opencode", entry("/bin/x", "{env:A}", "b"), "args[1]"},
		{"opencode", entry("/bin/x", "a", "{file:/etc/x}"), "env X"},
		{"opencode", entry("/bin/x", "${A}", "{}"), ""},
		{"crush", entry("/bin/x", "$(rm)", "b"), "args[1]"},
		{"crush", entry("/bin/x", "a", "`rm`"), "env X"},
		{"crush", entry(`C:\bin\x.exe`, "a", "b"), ""},
		{"crush", entry(`\\host\x.exe`, "a", "b"), "command"},
		{"continue", entry("/bin/x", "a", "${{ secrets.X }}"), "env X"},
		{"continue", entry("/bin/x", "${X}", "b"), ""},
		{"zed", entry("/bin/x", "a;b", "b"), "args[1]"},
		{"zed", entry("/bin/$x", "a", "b"), "command"},
		{"zed", entry("/bin/my x", "--a=b:1", "$a;b"), ""},
		{"trae", entry(`C:\Program Files\x.exe`, "a", "b"), "command"},
		{"trae", entry("/bin/x", "a b", "b c"), ""},
		{"kiro windsurf devin copilot-jetbrains copilot-cli amp warp lmstudio junie trae amazonq", entry("/bin/x", "a", "${env:X}"), "env X"},
		{"goose", Entry{Command: "/x", Env: map[string]string{"PATH": "/bin"}}, "env PATH"},
		{"goose", Entry{Command: "/x", Env: map[string]string{"LD_PRELOAD": "x"}}, "env LD_PRELOAD"},
		{"goose", Entry{Command: "/x", Env: map[string]string{"UserProfile": "x"}}, "env UserProfile"},
		{"goose", entry("/bin/x", "${a}", "$(x)"), ""},
		{"codex", entry("/bin/x", "${a}", "$(x)"), ""},
		{"codex", Entry{Command: "/x", EnvVars: []string{"A=B"}}, "env"},
		{"claude", entry("", "a", "b"), "command"},
		{"claude", entry("/x", "a\xff", "b"), "args[1]"},
		{"claude", entry("/x", "a", secret+"\x00"), "env X"},
		{"claude", Entry{Command: "/x", Env: map[string]string{"A=B": secret}}, "env"},
		{"claude", Entry{Command: "/x", Env: map[string]string{"": secret}}, "env"},
	} {
		for id := range strings.FieldsSeq(tt.clients) {
			c, _ := Lookup(id)
			_, err := c.Edit(nil, map[string]Entry{"a": tt.entry})
			var bad *ValueError
			if tt.field == "" && err != nil || tt.field != "" && (!errors.As(err, &bad) || bad.Field != tt.field) {
				t.Errorf("%s %+v: %v, want %q", id, tt.entry, err, tt.field)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the value is in the error: %v", err)
			}
		}
	}
}

func TestIsTshmcp(t *testing.T) {
	for _, command := range []string{"tshmcp", "/usr/bin/tshmcp", `C:\x\tshmcp.exe`, "TSHMCP.EXE", "./tshmcp", `C:/x\tshmcp.exe`} {
		if !isTshmcp(command) {
			t.Errorf("%s is ours", command)
		}
	}
	for _, command := range []string{"", "tsh", "TSHMCP", "tshmcp2", "tshmcp/", "/tshmcp/x", "tshmcp.cmd", "tshmcp connect a", "npx"} {
		if isTshmcp(command) {
			t.Errorf("%s is not ours", command)
		}
	}
}
