// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "github.com/tshmcp/tshmcp/internal/pattern"

// continueServers is a list, not an object.
var continueServers = layout{key: []string{"mcpServers"}, list: true, shape: shape{named: true, typ: "stdio"}}

var zedServers = layout{key: []string{"context_servers"}, shape: shape{more: []field{{name: "source", value: "custom", keep: true}}}}

var editorClients = func() []Client {
	return []Client{
		{
			ID:      "cursor",
			Logs:    "in Cursor: Output, MCP",
			Aliases: []string{"cursor-agent"},
			Name:    "Cursor",
			Format:  JSONC,
			After: "in Cursor, switch the server on under Settings > Customize > MCPs; " +
				"for the command line: cursor-agent mcp enable NAME",
			Project: ".cursor/mcp.json",
			layouts: []layout{mcpServers},
			files:   []string{".cursor/mcp.json"},
			places:  inHome(".cursor/mcp.json"),
			names:   nameRules{reserved: pattern.New(`^filesystem`)},
			values:  valueRules{everywhere: dollarBrace},
			Limit:   ToolLimit{Max: 60, Beyond: "Cursor then silently leaves the tool out"},
		},
		{
			ID:      "windsurf",
			Name:    "Windsurf (Cascade)",
			Format:  JSONC,
			After:   "refresh the MCP servers in Windsurf, or restart it",
			layouts: []layout{mcpServers},
			files:   []string{".codeium/windsurf/mcp_config.json"},
			places:  inHome(".codeium/windsurf/mcp_config.json"),
			values:  valueRules{everywhere: dollarBrace},
			Limit:   usualLimit,
		},
		{
			ID:        "devin",
			Name:      "Devin",
			Format:    JSONC,
			After:     "start a new Devin session",
			Project:   ".devin/mcp_config.json",
			VendorCLI: "devin mcp add -s user NAME -- COMMAND ARGS",
			layouts:   []layout{mcpServers},
			files:     []string{"devin/mcp_config.json", ".devin/mcp_config.json", "devin/config.json"},
			places: map[string][]place{
				"windows": devinAt("$APPDATA"),
				"":        devinAt("$XDG_CONFIG_HOME"),
			},
			values: valueRules{everywhere: dollarBrace},
			Limit:  usualLimit,
		},
		{
			ID:      "zed",
			Logs:    "in Zed: \"zed: open log\"",
			Name:    "Zed",
			Format:  JSONC,
			After:   "nothing: Zed picks this up by itself",
			Project: ".zed/settings.json",
			layouts: []layout{zedServers},
			files:   []string{"zed/settings.json", ".zed/settings.json"},
			places: map[string][]place{
				"windows": {{path: "$APPDATA/Zed/settings.json"}},
				"darwin":  {{path: "$HOME/.config/zed/settings.json"}},
				"":        {{path: "$FLATPAK_XDG_CONFIG_HOME/zed/settings.json"}, {path: "$XDG_CONFIG_HOME/zed/settings.json"}},
			},
			// It starts servers through a shell.
			values: valueRules{program: pattern.New("[$`\"'|&;<>*?\n]|^~")},
			Limit:  ToolLimit{Max: 64, Beyond: "Zed then shortens it", Harmless: true},
		},
		{
			ID:      "cline",
			Name:    "Cline",
			Format:  JSON,
			After:   "nothing: Cline picks this up by itself",
			layouts: []layout{mcpServers},
			noMark:  true,
			files:   []string{"cline_mcp_settings.json"},
			places: everywhere(
				place{path: "$CLINE_MCP_SETTINGS_PATH"},
				place{path: "$CLINE_DATA_DIR/settings/cline_mcp_settings.json"},
				place{path: "$CLINE_DIR/data/settings/cline_mcp_settings.json"},
				place{path: "$HOME/.cline/data/settings/cline_mcp_settings.json"},
			),
			marks: []string{"$HOME/.cline"},
			managed: map[string]notice{
				"windows": clineBefore("$APPDATA"),
				"darwin":  clineBefore("$HOME/Library/Application Support"),
				"":        clineBefore("$XDG_CONFIG_HOME"),
			},
			Limit: usualLimit,
		},
		{
			ID:       "continue",
			Name:     "Continue",
			Format:   YAML,
			After:    "nothing: Continue picks this up by itself, and uses the server in agent mode",
			Project:  ".continue/mcpServers/tshmcp.json",
			project:  &projectFile{format: JSONC, layouts: []layout{mcpServers}},
			layouts:  []layout{continueServers},
			preamble: "name: Local Config\nversion: 1.0.0\nschema: v1\n",
			files:    []string{".continue/config.yaml"},
			places:   everywhere(place{path: "$CONTINUE_GLOBAL_DIR/config.yaml"}, place{path: "$HOME/.continue/config.yaml"}),
			values:   valueRules{everywhere: pattern.New(`\$\{\{`)},
			Limit:    usualLimit,
		},
		{
			ID:      "kiro",
			Name:    "Kiro",
			Format:  JSONC,
			After:   "nothing: Kiro picks this up by itself",
			Project: ".kiro/settings/mcp.json",
			layouts: []layout{mcpServers},
			files:   []string{".kiro/settings/mcp.json"},
			places:  inHome(".kiro/settings/mcp.json"),
			marks:   []string{"$HOME/.kiro"},
			values:  valueRules{everywhere: dollarBrace},
			Limit:   usualLimit,
		},
		{
			ID:           "trae",
			Name:         "Trae",
			Format:       JSONC,
			After:        "restart Trae",
			Project:      ".trae/mcp.json",
			ProjectAfter: "switch project MCP servers on in Trae's settings",
			layouts:      []layout{mcpServers},
			files:        []string{"Trae/User/mcp.json", ".trae/mcp.json"},
			places: map[string][]place{
				"windows": {{path: "$APPDATA/Trae/User/mcp.json"}},
				"darwin":  {{path: "$HOME/Library/Application Support/Trae/User/mcp.json"}},
				"":        {{path: "$XDG_CONFIG_HOME/Trae/User/mcp.json|$XDG_CONFIG_HOME/trae/mcp.json", when: fileExists}},
			},
			nowhere: "it is not known for sure where Trae looks for it here, and there is none yet; add the server in Trae's MCP settings",
			values:  valueRules{everywhere: dollarBrace, command: pattern.New(`\s`)},
			Limit:   usualLimit,
		},
		{
			ID:      "junie",
			Name:    "Junie",
			Format:  JSONC,
			After:   "restart the IDE, or Junie",
			layouts: []layout{mcpServers},
			files:   []string{".junie/mcp/mcp.json"},
			places:  inHome(".junie/mcp/mcp.json"),
			marks:   []string{"$HOME/.junie"},
			values:  valueRules{everywhere: dollarBrace},
			Limit:   usualLimit,
		},
	}
}

// clineBefore is where Cline had its servers when it was an extension of VS Code
// only.
func clineBefore(base string) notice {
	return notice{
		path:    base + "/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
		effect:  "Cline before 2026 reads this file instead; a newer one moves it when it starts",
		instead: true,
	}
}

// devinAt prefers the newer of Devin's two files.
func devinAt(base string) []place {
	return []place{
		{path: base + "/devin/mcp_config.json", when: fileExists},
		{path: base + "/devin/config.json", when: fileExists},
		{path: base + "/devin/mcp_config.json"},
	}
}
