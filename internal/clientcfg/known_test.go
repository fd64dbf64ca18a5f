// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestKnownFiles: where a client keeps its servers is told by the place and the
// name of the file, on every system.
func TestKnownFiles(t *testing.T) {
	for path, want := range map[string]string{ // client: key
		"/home/ann/.config/Code/User/profiles/-4f2a/mcp.json":             "VS Code: servers",
		"/home/ann/.config/Code - Insiders/User/profiles/x/mcp.json":      "VS Code Insiders: servers",
		"/home/ann/.config/VSCodium/User/mcp.json":                        "VSCodium: servers",
		`C:\Users\ann\AppData\Roaming\VSCodium\User\profiles\1\mcp.json`:  "VSCodium: servers",
		"/Users/ann/Library/Application Support/Code - OSS/User/mcp.json": "Code - OSS: servers",
		"/home/ann/.vscode-server/data/User/mcp.json":                     "VS Code: servers",
		"/home/ann/.vscode-server-insiders/data/User/mcp.json":            "VS Code Insiders: servers",
		"/home/ann/.local/share/code-server/User/mcp.json":                "code-server: servers",
		"/p/.vscode/mcp.json":                             "VS Code: servers",
		"/p/.devcontainer/devcontainer.json":              "a dev container of VS Code: customizations.vscode.mcp.servers",
		"/p/.devcontainer/api/devcontainer.json":          "a dev container of VS Code: customizations.vscode.mcp.servers",
		"/p/.devcontainer.json":                           "a dev container of VS Code: customizations.vscode.mcp.servers",
		"/p/.mcp.json":                                    "Claude Code: mcpServers",
		"/p/.github/mcp.json":                             "GitHub Copilot CLI: mcpServers",
		"/p/.roo/mcp.json":                                "Roo Code: mcpServers",
		"/p/.continue/mcpServers/ours.yaml":               "Continue: mcpServers",
		"/p/.amp/settings.json":                           "Amp: amp.mcpServers",
		"/home/ann/.codeium/mcp_config.json":              "Windsurf in JetBrains IDEs: mcpServers",
		"/home/ann/.config/github-copilot/xcode/mcp.json": "GitHub Copilot for Xcode: servers",
		"/home/ann/.config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json": "Roo Code: mcpServers",
	} {
		c, err := ForPath(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := c.Name + ": " + strings.Join(c.layouts[0].key, "."); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if out, err := c.Edit(nil, entryFor("x")); err != nil || !strings.Contains(string(out), "tshmcp") {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}

// TestNamesByCase: names that differ in case alone are one file where the system says
// so, and two elsewhere.
func TestNamesByCase(t *testing.T) {
	for _, tt := range []struct {
		goos, path, pattern string
		want                bool
	}{
		{"linux", "/p/.vscode/mcp.json", ".vscode/mcp.json", true},
		{"linux", "/p/.vscode/MCP.json", ".vscode/mcp.json", false},
		{"linux", "/p/.VSCode/mcp.json", ".vscode/mcp.json", false},
		{"linux", "/home/ann/.config/code/User/mcp.json", "Code/User/mcp.json", false},
		{"linux", "/p/All.CODE-WORKSPACE", "*.code-workspace", false},
		{"freebsd", "/p/.vscode/MCP.json", ".vscode/mcp.json", false},
		{"darwin", "/p/.vscode/MCP.json", ".vscode/mcp.json", true},
		{"windows", `C:\p\.VSCODE\MCP.JSON`, ".vscode/mcp.json", true},
		{"linux", `C:\p\.VSCODE\MCP.JSON`, ".vscode/mcp.json", true},
		{"linux", `\\nas\p\.VSCODE\MCP.JSON`, ".vscode/mcp.json", true},
		{"linux", "/mnt/c/p/.vscode/MCP.json", ".vscode/mcp.json", true},
		{"linux", "/mnt/data/p/.vscode/MCP.json", ".vscode/mcp.json", false},
	} {
		if got := nameOf(tt.goos, tt.path).matches(tt.pattern); got != tt.want {
			t.Errorf("%s: %s as %s: %v", tt.goos, tt.path, tt.pattern, got)
		}
	}
	if runtime.GOOS == "linux" {
		for _, path := range []string{"/p/.vscode/MCP.json", "/p/.Mcp.json", "/p/.vscode/Settings.json"} {
			if c, err := ForPath(path); err != nil || c.Name != unknownName || c.Shared {
				t.Errorf("%s: %s %v", path, c.Name, err)
			}
		}
	}
}

// TestWrongFiles: a file from which its client reads no servers is refused, and
// the right one is named.
func TestWrongFiles(t *testing.T) {
	for path, right := range map[string]string{
		"/p/.vscode/settings.json":                                 "/p/.vscode/mcp.json",
		"/home/ann/.config/Code/User/settings.json":                "/home/ann/.config/Code/User/mcp.json",
		"/home/ann/.config/VSCodium/User/profiles/1/settings.json": "/home/ann/.config/VSCodium/User/profiles/1/mcp.json",
		"/p/all.code-workspace":                                    "/p/.vscode/mcp.json",
		"/p/.claude/settings.json":                                 "claude-code /p/.mcp.json",
		"/p/.claude/settings.local.json":                           "claude-code /p/.mcp.json",
		"/home/ann/.claude/mcp.json":                               "claude-code /home/ann/.mcp.json",
		"/home/ann/.config/Cursor/User/mcp.json":                   "cursor",
		"/home/ann/.config/Claude/config.json":                     "claude",
		"/home/ann/.codex/config.json":                             "codex",
		"/home/ann/.copilot/config.json":                           "copilot-cli",
		"/home/ann/.local/share/crush/crush.json":                  "crush",
		"/home/ann/.continue/config.json":                          "continue",
	} {
		var wrong *WrongFileError
		if _, err := ForPath(path); !errors.As(err, &wrong) || strings.Join(wrong.Right, " ") != right {
			t.Errorf("%s: %v, %+v, want %s", path, err, wrong, right)
			continue
		}
		for _, name := range wrong.Right { // which must not be wrong too
			if _, ok := Lookup(name); !ok {
				forPath(t, name)
			}
		}
	}
}

// TestUnknownFiles: the content tells the shape, and without any nothing is
// written.
func TestUnknownFiles(t *testing.T) {
	const refused = "refused"
	for _, tt := range []struct{ path, content, want string }{
		{"/x/a.json", "", refused},
		{"/x/mcp.json", "{}", refused},
		{"/x/a.json", `{"theme": "dark"}`, refused},
		{"/x/a.json", `{"servers": {}}`, refused},
		{"/x/a.json", `{"servers": {"web": {"host": "example.com"}}}`, refused},
		{"/x/a.json", `{"mcp": {}}`, refused},
		{"/x/a.json", `{"mcp": {"servers": {}}}`, refused},
		{"/x/a.json", `{"mcp": {"servers": {"a": {"command": "npx"}}}}`, refused},
		{"/x/a.json", `{"mcpServers": {}}`, `{"mcpServers": {"x": {"command": `},
		{"/x/a.json", `{"servers": {"a": {"url": "http://a"}}}`, `"x": {"type": "stdio", "command": `},
		{"/x/a.json", `{"context_servers": {}}`, `"source": "custom"`},
		{"/x/a.json", `{"amp.mcpServers": {}}`, `{"amp.mcpServers": {"x": `},
		{"/x/a.json", `{"mcp": {"servers": {"a": {"type": "remote", "url": "http://a"}}}}`, `"x": {"type": "local", "command": ["`},
		{"/x/a.json", `{"mcp": {"a": {"type": "local", "command": ["npx"]}}}`, `"x": {"type": "local", "command": ["`},
		{"/x/a.json", `{"mcp": {"a": {"type": "stdio", "command": "npx"}}}`, `"timeout": 60`},
		{"/x/a.toml", "a = 1\n", refused},
		{"/x/a.toml", "[mcp_servers.a]\ncommand = \"npx\"\n", "[mcp_servers.x]"},
		{"/x/a.yaml", "a: 1\n", refused},
		{"/x/a.yaml", "extensions:\n  php: true\n", refused},
		{"/x/a.yaml", "mcpServers:\n  a:\n    command: npx\n", "  x:\n    command:"},
	} {
		c := forPath(t, tt.path)
		out, err := c.Edit([]byte(tt.content), entryFor("x"))
		var unknown *UnknownFileError
		switch {
		case tt.want == refused && !errors.As(err, &unknown):
			t.Errorf("%s %q: %v\n%s", tt.path, tt.content, err, out)
		case tt.want != refused && (err != nil || !strings.Contains(string(out), tt.want)):
			t.Errorf("%s %q: %v\n%s", tt.path, tt.content, err, out)
		}
	}
}

// TestForShape: somebody who knows better says what the file is.
func TestForShape(t *testing.T) {
	for _, tt := range []struct {
		path, id, key, want string
	}{
		{"/x/a.json", "vscode", "", `"servers": {`},
		{"/x/a.json", "", "", `"mcpServers": {`},
		{"/x/a.json", "", "a.b", `"b": {`},
		{"/x/a.json", "opencode", "tools", `"tools": {`},
		{"/x/a.toml", "codex", "", `[mcp_servers.x]`},
		{"/x/a.toml", "", "x.y", `[x.y.x]`},
		{"/x/a.yaml", "goose", "", `cmd:`},
		{"/p/.vscode/settings.json", "", "mcp.servers", `"mcp": {`},
		{"/x/a.json", "codex", "", "error: Codex reads TOML"},
		{"/x/a.json", "nobody", "", "error: there is no MCP client \"nobody\""},
	} {
		var out []byte
		c, err := ForShape(tt.path, tt.id, strings.FieldsFunc(tt.key, func(r rune) bool { return r == '.' }))
		if err == nil {
			out, err = c.Edit(nil, entryFor("x"))
		}
		got := string(out)
		if err != nil {
			got = "error: " + err.Error()
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s as %q %q: %s", tt.path, tt.id, tt.key, got)
		}
	}
}

// TestProjectFiles: a project's file is known as such, with its folder.
func TestProjectFiles(t *testing.T) {
	for path, root := range map[string]string{
		"/p/.vscode/mcp.json": "/p", "/p/.mcp.json": "/p", "/p/.kiro/settings/mcp.json": "/p", "/p/opencode.json": "/p",
		"/p/.devcontainer/devcontainer.json": "/p", "/p/.continue/mcpServers/a.json": "/p",
		"/home/ann/.config/Code/User/mcp.json": "", "/home/ann/.codex/auth.toml": "", "/x/a.json": "",
	} {
		if c := forPath(t, path); c.Root != root || c.Shared != (root != "") {
			t.Errorf("%s: %q %t", path, c.Root, c.Shared)
		}
	}
	if !slices.ContainsFunc(relatives(), func(c Client) bool { return c.ID == "" }) {
		t.Error("relatives have ids")
	}
}
