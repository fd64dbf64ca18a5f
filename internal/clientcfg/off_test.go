// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSwitchedOff: whatever keeps a client from starting a server is found.
func TestSwitchedOff(t *testing.T) {
	for _, tt := range []struct {
		client, file string
		beside       map[string]string // other files, by their paths below the home directory
		want         string            // "": it is started
	}{
		{"cursor", `{"mcpServers": {"x": {"command": "/opt/tshmcp", "args": []}}}`, nil, ""},
		{"cline", `{"mcpServers": {"x": {"command": "tshmcp", "disabled": true}}}`, nil, "disabled is true"},
		{"kiro", `{"mcpServers": {"x": {"command": "tshmcp", "disabled": false}}}`, nil, ""},
		{"kiro", `{"mcpServers": {"y": {"command": "tshmcp", "disabled": true}}}`, nil, ""},
		{"opencode", `{"mcp": {"x": {"type": "local", "command": ["tshmcp"], "enabled": false}}}`, nil, "enabled is false"},
		{"codex", "[mcp_servers.x]\ncommand = \"tshmcp\"\nenabled = false\n", nil, "enabled is false"},
		{"codex", "[mcp_servers.x]\ncommand = \"tshmcp\"\nenabled_tools = []\n", nil, "enabled_tools is an empty list"},
		{"goose", "extensions:\n  x:\n    cmd: tshmcp\n    enabled: false\n", nil, "enabled is false"},
		{"continue", "mcpServers:\n  - name: x\n    command: tshmcp\n    disabled: true\n", nil, "disabled is true"},
		{"copilot-cli", `{"mcpServers": {"x": {"command": "tshmcp", "tools": []}}}`, nil, "tools is an empty list"},
		{"gemini-cli", `{"mcpServers": {"x": {"command": "tshmcp"}}, "mcp": {"allowed": ["y"]}}`, nil, "mcp.allowed allows only other servers"},
		{"gemini-cli", `{"mcpServers": {"x": {"command": "tshmcp"}}, "mcp": {"allowed": ["x"], "excluded": ["y"]}}`, nil, ""},
		{"gemini-cli", `{"mcpServers": {"x": {"command": "tshmcp"}}, "excludeMCPServers": ["x"]}`, nil, "excludeMCPServers has it"},
		{"qwen-code", `{"mcpServers": {"x": {"command": "tshmcp"}}, "mcp": {"excluded": ["x"]}}`, nil, "mcp.excluded has it"},
		{"claude-code", `{"mcpServers": {"x": {"command": "tshmcp"}}}`,
			map[string]string{".claude/settings.json": `{"deniedMcpServers": [{"serverName": "x"}]}`}, "deniedMcpServers has it"},
		{"claude-code", `{"mcpServers": {"x": {"command": "tshmcp"}}}`,
			map[string]string{".claude/settings.json": `{"allowedMcpServers": [{"serverName": "x"}]}`}, ""},
		{"vscode", `{"servers": {"x": {"command": "tshmcp"}}}`,
			map[string]string{"settings.json": "{\n// mine\n\"chat.mcp.access\": \"none\"}"}, "chat.mcp.access is none"},
		{"vscode", `{"servers": {"x": {"command": "tshmcp"}}}`, map[string]string{"settings.json": "{]"}, ""},
	} {
		home := t.TempDir()
		path := filepath.Join(home, "config")
		for name, text := range tt.beside {
			name = filepath.Join(home, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			writeFile(t, name, text, 0o600)
		}
		c, _ := Lookup(tt.client)
		all := SwitchedOff(c, Env{Home: home}, path, []byte(tt.file), []string{"x"})
		switch {
		case tt.want == "" && len(all) != 0:
			t.Errorf("%s: %+v for\n%s", tt.client, all, tt.file)
		case tt.want != "" && (len(all) != 1 || all[0].Name != "x" || !strings.Contains(all[0].Why, tt.want) || all[0].Do == "" || all[0].Where == ""):
			t.Errorf("%s: %+v, want %s", tt.client, all, tt.want)
		}
	}
}
