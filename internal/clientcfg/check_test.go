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
		{"", false, []string{"", " a", "a ", "\ta", "a\nb", "a\x00", "\xff", "a\u0085"}},
		{"claude", true, []string{"grafana mcp", "a.b"}},
		{"claude-code", true, []string{"teleport-mcp-grafana", "A_1", "workspaces"}},
		{"claude-code", false, []string{"a b", "a.b", "é", "workspace", "claude-in-chrome", "computer-use", "Claude Preview"}},
		{"cursor", true, []string{"teleport-mcp-x.y", "my-filesystem"}},
		{"cursor", false, []string{"filesystem", "filesystem-x"}},
		{"vscode", true, []string{"teleport-mcp-x.y"}},
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
