// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

// The settings by which clients switch servers off, as far as they are in files.
var (
	geminiLists = []gate{
		{key: []string{"mcp", "allowed"}, allow: true, folded: true}, {key: []string{"mcp", "excluded"}, folded: true},
		{key: []string{"allowMCPServers"}, allow: true, folded: true}, {key: []string{"excludeMCPServers"}, folded: true},
	}
	// What gemini mcp disable writes.
	geminiGates = append([]gate{{
		files:  [][]string{{"$GEMINI_CLI_HOME/.gemini/mcp-server-enablement.json", "$HOME/.gemini/mcp-server-enablement.json"}},
		key:    []string{ofName, "enabled"},
		off:    "false",
		folded: true,
	}}, geminiLists...)
	// What copilot mcp disable writes.
	copilotGates = []gate{{
		files: [][]string{{"$COPILOT_HOME/settings.json", "$HOME/.copilot/settings.json"}},
		key:   []string{"disabledMcpServers"},
	}}
	claudeOwn     = []string{"$CLAUDE_CONFIG_DIR/settings.json", "$HOME/.claude/settings.json"}
	claudeProject = []string{"$PROJECT/.claude/settings.json"}
	claudeLocal   = []string{"$PROJECT/.claude/settings.local.json"}
	claudeAll     = [][]string{{"$ADMIN/managed-settings.json"}, claudeOwn, claudeProject, claudeLocal}
	claudeGates   = []gate{
		{scope: shared, files: claudeAll, key: []string{"disabledMcpjsonServers"}},
		{files: claudeAll, key: []string{"allowedMcpServers"}, allow: true},
		{files: claudeAll, key: []string{"deniedMcpServers"}},
		// What /mcp disable writes.
		{files: [][]string{{"$CLAUDE_CONFIG_DIR/.claude.json", "$HOME/.claude.json"}}, key: []string{"projects", ofProject, "disabledMcpServers"}},
	}
	codeSettings = [][]string{{"$BESIDE/settings.json"}}
	codeGates    = []gate{
		{files: codeSettings, key: []string{"chat.mcp.access"}, off: "none"},
		{files: codeSettings, key: []string{"chat.mcp.enabled"}, off: "false"},
	}
)
