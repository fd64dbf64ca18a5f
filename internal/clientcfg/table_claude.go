// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "github.com/tshmcp/tshmcp/internal/pattern"

var claudeClients = func() []Client {
	return []Client{
		{
			ID:      "claude",
			Logs:    "mcp-server-NAME.log in ~/Library/Logs/Claude (macOS) or %APPDATA%\\Claude\\logs (Windows)",
			Aliases: []string{"claude-desktop"},
			Name:    "Claude Desktop",
			Format:  JSON,
			After: "quit Claude Desktop completely (menu bar or tray) and start it again; " +
				"if the entry is gone then, quit it first and run this command again",
			layouts: []layout{mcpServers},
			files:   []string{"claude_desktop_config.json"},
			places: map[string][]place{
				// A packaged (MSIX) app sees the files of its own folder, behind
				// them those of APPDATA; what it creates lands in its own folder.
				"windows": {
					{path: "$LOCALAPPDATA/Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json", when: fileExists},
					{path: "$APPDATA/Claude/claude_desktop_config.json", when: fileExists},
					{path: "$LOCALAPPDATA/Packages/Claude_*/LocalCache/Roaming/Claude/claude_desktop_config.json", when: folderExists},
					{path: "$APPDATA/Claude/claude_desktop_config.json"},
				},
				"darwin": {{path: "$HOME/Library/Application Support/Claude/claude_desktop_config.json"}},
				// Builds for Linux that other tools know keep it here. Whether the
				// vendor's own does is not written down, so its folder must be there.
				"": {{path: "$XDG_CONFIG_HOME/Claude/claude_desktop_config.json", when: folderExists}},
			},
			Instead: "claude-code",
			nowhere: "its place on Linux is not known for sure, and the usual folder is not there",
			Limit:   usualLimit,
			// The running app writes its own copy back at every start and login.
			Processes: map[string][]string{
				"darwin":  {"Claude"},
				"windows": {"claude.exe"},
				"linux":   {"claude-desktop"},
			},
		},
		{
			ID:           "claude-code",
			Logs:         "mcp-logs-NAME in ~/.cache/claude-cli-nodejs/PROJECT (Linux) or ~/Library/Caches/claude-cli-nodejs/PROJECT (macOS); claude --debug",
			Name:         "Claude Code",
			Format:       JSON,
			After:        "start a new Claude Code session; /mcp shows the server",
			Project:      ".mcp.json",
			ProjectAfter: "start a new Claude Code session in the project and approve the server; /mcp shows it",
			VendorCLI:    "claude mcp add --scope user NAME -- COMMAND ARGS",
			layouts:      []layout{mcpServers},
			files:        []string{".claude.json"},
			places:       everywhere(place{path: "$CLAUDE_CONFIG_DIR/.claude.json"}, place{path: "$HOME/.claude.json"}),
			marks:        []string{"$CLAUDE_CONFIG_DIR", "$HOME/.claude"},
			gates:        claudeGates,
			admin:        claudeAdmin,
			managed: map[string]notice{
				"darwin":  {path: claudeAdmin["darwin"] + "/managed-mcp.json", effect: claudeManaged},
				"windows": {path: claudeAdmin["windows"] + `\managed-mcp.json`, effect: claudeManaged},
				"":        {path: claudeAdmin[""] + "/managed-mcp.json", effect: claudeManaged},
			},
			names: nameRules{
				bad:      allBut(`A-Za-z0-9_-`),
				says:     "only letters, digits, _ and - are allowed",
				reserved: pattern.New(`^(workspace|claude-in-chrome|computer-use|Claude Preview|Claude Browser)$`),
			},
			values: valueRules{everywhere: dollarBrace},
			env:    envRules{passes: anyName, strips: pattern.New(`^OTEL_`)},
			Limit:  ToolLimit{Prefix: "mcp__", Separator: "__", Max: 64, Beyond: "the model's API then refuses the whole session"},
		},
	}
}

const claudeManaged = "a file of an administrator alone decides which MCP servers Claude Code has, so this entry has no effect"

// claudeAdmin is where an administrator decides.
var claudeAdmin = map[string]string{
	"darwin":  "/Library/Application Support/ClaudeCode",
	"windows": `C:\Program Files\ClaudeCode`,
	"":        "/etc/claude-code",
}
