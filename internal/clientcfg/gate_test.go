// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGates: what a client's own command or an administrator switches off is found,
// wherever the client keeps it, and what does not concern the entry is not told of. The
// real clients have shown each of these.
func TestGates(t *testing.T) {
	const (
		claude  = `{"mcpServers": {"x": {"command": "/opt/tshmcp", "args": ["connect", "n"]}}}`
		command = `{"serverCommand": ["/opt/tshmcp", "connect", "n"]}`
		other   = `{"serverCommand": ["npx"]}`
	)
	for _, tt := range []struct {
		name, client, root string
		files              map[string]string // by their paths below the home directory; the servers are in config
		env                map[string]string // below the home directory too
		want               string            // "": it is started
		partly             bool
	}{
		{name: "gemini mcp disable", client: "gemini-cli", files: map[string]string{
			"config": claude, ".gemini/mcp-server-enablement.json": `{"y": {"enabled": true}, "x": {"enabled": false}}`}, want: "x.enabled is false"},
		{name: "gemini's names fold", client: "gemini-cli", files: map[string]string{
			"config": `{"mcpServers": {"X": {"command": "tshmcp"}}, "mcp": {"allowed": ["x"], "excluded": ["y"]}}`}},
		{name: "gemini mcp enable", client: "gemini-cli", files: map[string]string{
			"config": claude, ".gemini/mcp-server-enablement.json": `{"y": {"enabled": false}}`}},
		{name: "gemini elsewhere", client: "gemini-cli", env: map[string]string{"GEMINI_CLI_HOME": "g"}, files: map[string]string{
			"config": claude, ".gemini/mcp-server-enablement.json": `{"x": {"enabled": false}}`}},
		{name: "copilot mcp disable", client: "copilot-cli", files: map[string]string{
			"config": claude, ".copilot/settings.json": `{"disabledMcpServers": ["x"]}`}, want: "disabledMcpServers has it"},
		{name: "copilot elsewhere", client: "copilot-cli", env: map[string]string{"COPILOT_HOME": "c"}, files: map[string]string{
			"config": claude, "c/settings.json": `{"disabledMcpServers": ["x"]}`, ".copilot/settings.json": `{}`}, want: "disabledMcpServers has it"},
		{name: "claude's /mcp disable", client: "claude-code", files: map[string]string{
			".claude.json": `{"mcpServers": {}, "projects": {"/p": {}, "/q": {"disabledMcpServers": ["x"]}}}`, "config": claude},
			want: "disabledMcpServers of the project /q has it", partly: true},
		{name: "claude's /mcp disable in the project", client: "claude-code", root: "/q", files: map[string]string{
			".claude.json": `{"projects": {"/p": {}, "/q": {"disabledMcpServers": ["x"]}}}`, "config": claude},
			want: "projects./q.disabledMcpServers has it"},
		{name: "claude's /mcp disable in another project", client: "claude-code", root: "/p", files: map[string]string{
			".claude.json": `{"projects": {"/p": {}, "/q": {"disabledMcpServers": ["x"]}}}`, "config": claude}},
		{name: "claude's project servers are not one's own", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"disabledMcpjsonServers": ["x"]}`}},
		{name: "claude's project servers", client: "claude-code", root: "/q", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"disabledMcpjsonServers": ["x"]}`}, want: "disabledMcpjsonServers has it"},
		{name: "claude elsewhere", client: "claude-code", env: map[string]string{"CLAUDE_CONFIG_DIR": "c"}, files: map[string]string{
			"config": claude, "c/settings.json": `{"deniedMcpServers": [{"serverName": "x"}]}`, ".claude/settings.json": `{}`}, want: "deniedMcpServers has it"},
		{name: "claude not there", client: "claude-code", env: map[string]string{"CLAUDE_CONFIG_DIR": "c"}, files: map[string]string{
			"config": claude, ".claude/settings.json": `{"deniedMcpServers": [{"serverName": "x"}]}`}},
		{name: "an administrator", client: "claude-code", files: map[string]string{
			"config": claude, "admin/managed-settings.json": `{"deniedMcpServers": [{"serverName": "x"}]}`}, want: "deniedMcpServers has it"},
		{name: "lists are one", client: "claude-code", files: map[string]string{
			"config": claude, "admin/managed-settings.json": `{"allowedMcpServers": [{"serverName": "y"}]}`,
			".claude/settings.json": `{"allowedMcpServers": [{"serverName": "x"}]}`}},
		{name: "allowed by its command", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"allowedMcpServers": [` + command + `]}`}},
		{name: "denied by its command", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"deniedMcpServers": [` + other + `, ` + command + `]}`}, want: "deniedMcpServers has it"},
		{name: "a command allows no name", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"allowedMcpServers": [{"serverName": "x"}, ` + other + `]}`}, want: "allowedMcpServers allows only other servers"},
		{name: "only addresses", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"allowedMcpServers": [{"serverUrl": "https://x/*"}]}`}, want: "allowedMcpServers allows only other servers"},
		{name: "none", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `{"allowedMcpServers": []}`}, want: "allowedMcpServers allows only other servers"},
		{name: "another shape", client: "claude-code", files: map[string]string{
			"config": claude, ".claude/settings.json": `[{"allowedMcpServers": []}]`, ".claude.json": `{"projects": [1, {"disabledMcpServers": {"x": 1}}]}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home := t.TempDir()
			for name, text := range tt.files {
				name = filepath.Join(home, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				writeFile(t, name, text, 0o600)
			}
			c, _ := Lookup(tt.client)
			c.Shared, c.Root = tt.root != "", tt.root
			c.admin = map[string]string{"": filepath.Join(home, "admin")}
			env := Env{Home: home, Getenv: func(name string) string {
				if under, set := tt.env[name]; set {
					return filepath.Join(home, under)
				}
				return ""
			}}
			servers := "x"
			if strings.Contains(tt.files["config"], `"X"`) {
				servers = "X"
			}
			all := SwitchedOff(c, env, filepath.Join(home, "config"), []byte(tt.files["config"]), []string{servers})
			switch {
			case tt.want == "" && len(all) != 0:
				t.Errorf("%+v", all)
			case tt.want != "" && (len(all) != 1 || all[0].Name != servers || all[0].Why != tt.want || all[0].Do == "" || all[0].Where == "" || all[0].Partly != tt.partly):
				t.Errorf("%+v, want %s", all, tt.want)
			}
		})
	}
}

// TestManyGates: a thousand entries and a thousand projects are looked through once.
func TestManyGates(t *testing.T) {
	const many = 3000
	home := t.TempDir()
	var servers, projects, names []string
	for i := range many {
		name := fmt.Sprintf("x%d", i)
		names = append(names, name)
		servers = append(servers, fmt.Sprintf(`%q: {"command": "tshmcp"}`, name))
		projects = append(projects, fmt.Sprintf(`"/p%d": {"disabledMcpServers": [%q, "other"]}`, i, name))
	}
	data := fmt.Sprintf(`{"mcpServers": {%s}, "projects": {%s}}`, strings.Join(servers, ","), strings.Join(projects, ","))
	path := filepath.Join(home, ".claude.json")
	writeFile(t, path, data, 0o600)
	c, _ := Lookup("claude-code")
	c.admin = nil
	before := testing.AllocsPerRun(1, func() {
		if all := SwitchedOff(c, Env{Home: home}, path, []byte(data), names); len(all) != many || all[many-1].Why != "disabledMcpServers of the project /p2999 has it" {
			t.Errorf("%d", len(all))
		}
	})
	if before > 200*many {
		t.Errorf("%.0f allocations for %d entries", before, many)
	}
}
