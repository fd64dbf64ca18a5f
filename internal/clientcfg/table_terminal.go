// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "github.com/tshmcp/tshmcp/internal/pattern"

var (
	codexServers = layout{key: []string{"mcp_servers"}, shape: shape{
		live: "env_vars",
		more: []field{{name: "startup_timeout_sec", value: 30, keep: true}},
	}}
	gooseServers = layout{key: []string{"extensions"}, shape: shape{
		named: true, typ: "stdio", program: "cmd", env: "envs",
		more: []field{
			{name: "description", value: "MCP server behind Teleport", keep: true},
			{name: "enabled", value: true, keep: true},
			{name: "timeout", value: 300, keep: true}, // seconds
		},
	}}
	crushServers = layout{key: []string{"mcp"}, shape: shape{
		typ:  "stdio",
		more: []field{{name: "timeout", value: 60, keep: true}}, // seconds
	}}
	ampServers = layout{key: []string{"amp.mcpServers"}}
	// The second version of opencode's config moved the servers and split the
	// limit, milliseconds in both. It still reads the first.
	openCodeServers = layout{key: []string{"mcp"}, shape: shape{
		typ: "local", joined: true, env: "environment",
		more: []field{{name: "enabled", value: true, keep: true}, {name: "timeout", value: 30000, keep: true}},
	}}
	openCodeServers2 = layout{key: []string{"mcp", "servers"}, found: true, shape: shape{
		typ: "local", joined: true, env: "environment",
		more: []field{{name: "timeout", value: []field{{name: "startup", value: 30000}}, keep: true}},
	}}
)

// geminiValues: Gemini and what descends from it expand variables in every
// string, and in the environment those of Windows too.
var geminiValues = valueRules{
	everywhere: pattern.New(`\$(\{|[A-Za-z_])`),
	env:        pattern.New(`%[A-Za-z_][A-Za-z0-9_]*%`),
}

var terminalClients = func() []Client {
	return []Client{
		{
			ID:           "codex",
			Name:         "Codex",
			Format:       TOML,
			After:        "start a new Codex session; /mcp shows the server",
			Logs:         "none unless it is asked for: codex -c log_dir=DIR",
			Project:      ".codex/config.toml",
			ProjectAfter: "start a new Codex session in the project, which has to be trusted; /mcp shows the server",
			VendorCLI:    "codex mcp add NAME -- COMMAND ARGS",
			layouts:      []layout{codexServers},
			files:        []string{".codex/config.toml"},
			places:       everywhere(place{path: "$CODEX_HOME/config.toml"}, place{path: "$HOME/.codex/config.toml"}),
			names:        nameRules{bad: allBut(`A-Za-z0-9_-`), says: "only letters, digits, _ and - are allowed"},
			env: envRules{live: true, passes: pattern.New(
				`^(HOME|LOGNAME|PATH|SHELL|USER|__CF_USER_TEXT_ENCODING|LANG|LC_ALL|TERM|TMPDIR|TZ)$`)},
			Limit: ToolLimit{Prefix: "mcp__", Separator: "__", Max: 64, Beyond: "Codex then shortens it", Harmless: true},
		},
		{
			ID:        "gemini-cli",
			Aliases:   []string{"gemini"},
			Name:      "Gemini CLI",
			Format:    JSONComments,
			After:     "in Gemini CLI, /mcp reload, or start it again; the folder has to be trusted",
			Project:   ".gemini/settings.json",
			VendorCLI: "gemini mcp add -s user NAME COMMAND ARGS",
			layouts:   []layout{mcpServers},
			noMark:    true,
			files:     []string{".gemini/settings.json"},
			places:    everywhere(place{path: "$GEMINI_CLI_HOME/.gemini/settings.json"}, place{path: "$HOME/.gemini/settings.json"}),
			managed:   map[string]notice{"linux": {path: "/etc/gemini-cli/settings.json", effect: "settings there go before this file"}},
			names:     nameRules{bad: allBut(`A-Za-z0-9-`), says: "only letters, digits and - are allowed"},
			values:    geminiValues,
			gates:     geminiGates,
			env: envRules{passes: anyName, strips: pattern.New(
				`(?i)TOKEN|SECRET|PASSWORD|KEY|AUTH|CREDENTIAL|PRIVATE|CERT`)},
			Limit: ToolLimit{Prefix: "mcp_", Separator: "_", Max: 63, Beyond: "Gemini CLI then cuts it in the middle", Harmless: true},
		},
		{
			ID:           "qwen-code",
			Aliases:      []string{"qwen"},
			Name:         "Qwen Code",
			Format:       JSONComments,
			After:        "start a new Qwen Code session",
			ProjectAfter: "start a new Qwen Code session in the project and approve the server: qwen mcp approve NAME",
			Project:      ".qwen/settings.json",
			layouts:      []layout{mcpServers},
			files:        []string{".qwen/settings.json"},
			places:       everywhere(place{path: "$QWEN_HOME/settings.json"}, place{path: "$HOME/.qwen/settings.json"}),
			values:       geminiValues,
			gates:        geminiLists,
			env:          envRules{passes: anyName},
			Limit:        ToolLimit{Prefix: "mcp__", Separator: "__", Max: 63, Beyond: "Qwen Code then cuts it in the middle", Harmless: true},
		},
		{
			ID:      "antigravity",
			Aliases: []string{"agy"},
			Name:    "Antigravity",
			Format:  JSON,
			After:   "press Refresh on Antigravity's MCP page, or start agy again",
			Project: ".agents/mcp_config.json",
			layouts: []layout{mcpServers},
			files:   []string{".gemini/config/mcp_config.json", ".agents/mcp_config.json", ".gemini/antigravity/mcp_config.json"},
			places:  inHome(".gemini/config/mcp_config.json"),
			marks:   []string{"$HOME/.gemini/antigravity"},
			managed: map[string]notice{"": {
				path:    "$HOME/.gemini/antigravity/mcp_config.json",
				effect:  "an older Antigravity reads this file instead",
				instead: true,
			}},
			values: geminiValues,
			Limit:  usualLimit,
		},
		{
			ID:      "opencode",
			Name:    "opencode",
			Format:  JSONC,
			After:   "start a new opencode session",
			Logs:    "~/.local/share/opencode/log (Linux, macOS) or %USERPROFILE%\\.local\\share\\opencode\\log (Windows)",
			Project: "opencode.json",
			project: &projectFile{places: []place{
				{path: "$PROJECT/opencode.jsonc|$PROJECT/opencode.json", when: fileExists},
				{path: "$PROJECT/opencode.json"},
			}},
			layouts: []layout{openCodeServers2, openCodeServers},
			files:   []string{"opencode.json", "opencode.jsonc"},
			places: everywhere(
				place{path: "$OPENCODE_CONFIG"},
				place{path: "$OPENCODE_CONFIG_DIR/opencode.jsonc|$OPENCODE_CONFIG_DIR/opencode.json", when: fileExists},
				place{path: "$OPENCODE_CONFIG_DIR/opencode.json"},
				place{path: "$XDG_CONFIG_HOME/opencode/opencode.jsonc|$XDG_CONFIG_HOME/opencode/opencode.json", when: fileExists},
				place{path: "$XDG_CONFIG_HOME/opencode/opencode.json"},
			),
			names:  nameRules{reserved: pattern.New(`^(servers|timeout)$`)},
			values: valueRules{everywhere: pattern.New(`\{(env|file):`)},
			env:    envRules{passes: anyName},
			Limit:  ToolLimit{Separator: "_", Max: 64, Beyond: "the model's API may then refuse the tool"},
		},
		{
			ID:      "crush",
			Name:    "Crush",
			Format:  JSON,
			After:   "nothing: Crush picks this up by itself",
			Logs:    "crush logs",
			Project: "crush.json",
			project: &projectFile{places: []place{
				{path: "$PROJECT/.crush.json|$PROJECT/crush.json", when: fileExists},
				{path: "$PROJECT/crush.json"},
			}},
			layouts: []layout{crushServers},
			files:   []string{"crush/crush.json", "crush.json", ".crush.json"},
			places:  everywhere(place{path: "$CRUSH_GLOBAL_CONFIG/crush.json"}, place{path: "$XDG_CONFIG_HOME/crush/crush.json"}),
			// A shell reads every value, and would run $(...) and backticks.
			names:  nameRules{bad: allBut(`A-Za-z0-9._-`), says: "only letters, digits, ., _ and - are allowed"},
			values: valueRules{everywhere: pattern.New("[$`]|\\\\\\\\")},
			env:    envRules{passes: anyName},
			Limit:  ToolLimit{Prefix: "mcp_", Separator: "_", Max: 64, Beyond: "the model's API may then refuse the tool"},
		},
		{
			ID:           "amp",
			Name:         "Amp",
			Format:       JSONC,
			After:        "start a new Amp session",
			Project:      ".amp/settings.json",
			ProjectAfter: "start a new Amp session and approve the server: amp mcp approve NAME",
			project: &projectFile{places: []place{
				{path: "$PROJECT/.amp/settings.json", when: fileExists},
				{path: "$PROJECT/.amp/settings.jsonc", when: fileExists},
				{path: "$PROJECT/.amp/settings.json"},
			}},
			layouts: []layout{ampServers},
			noMark:  true,
			files:   []string{"amp/settings.json", "amp/settings.jsonc", ".amp/settings.json", ".amp/settings.jsonc"},
			places: map[string][]place{
				"windows": {
					{path: "$AMP_SETTINGS_FILE"},
					{path: "$HOME/.config/amp/settings.json|$APPDATA/amp/settings.json", when: fileExists},
					{path: "$HOME/.config/amp/settings.jsonc|$APPDATA/amp/settings.jsonc", when: fileExists},
				},
				"darwin": ampAt("$HOME/.config"),
				"":       ampAt("$XDG_CONFIG_HOME"),
			},
			nowhere: "it is not known for sure where Amp looks for it here, and there is none yet; change a setting in Amp, so that it writes one",
			values:  valueRules{everywhere: dollarBrace},
			Limit:   usualLimit,
		},
		{
			ID:      "goose",
			Name:    "Goose",
			Format:  YAML,
			After:   "start a new Goose session",
			Logs:    "~/.local/state/goose/logs (Linux, macOS) or %APPDATA%\\Block\\goose\\data\\logs (Windows)",
			layouts: []layout{gooseServers},
			files:   []string{"goose/config.yaml", "goose/config/config.yaml"},
			places: map[string][]place{
				"windows": {{path: "$GOOSE_PATH_ROOT/config/config.yaml"}, {path: "$APPDATA/Block/goose/config/config.yaml"}},
				"":        {{path: "$GOOSE_PATH_ROOT/config/config.yaml"}, {path: "$XDG_CONFIG_HOME/goose/config.yaml"}},
			},
			names: nameRules{bad: allBut(`a-z0-9_-`), says: "only lower-case letters, digits, _ and - are allowed", folds: true},
			values: valueRules{envNames: pattern.New(
				`(?i)^(PATH|PATHEXT|TEMP|TMP|USERPROFILE|LOCALAPPDATA|SYSTEMROOT|WINDIR|COMSPEC|HOMEDRIVE|HOMEPATH|LD_.*|DYLD_.*)$`)},
			env:   envRules{passes: anyName},
			Limit: usualLimit,
		},
		{
			ID:      "amazonq",
			Aliases: []string{"q"},
			Name:    "Amazon Q Developer CLI",
			Format:  JSON,
			After:   "start a new q chat",
			Project: ".amazonq/mcp.json",
			layouts: []layout{mcpServers},
			files:   []string{".aws/amazonq/mcp.json", ".amazonq/mcp.json"},
			places:  inHome(".aws/amazonq/mcp.json"),
			values:  valueRules{everywhere: dollarBrace},
			env:     envRules{passes: anyName},
			Limit:   usualLimit,
		},
	}
}

// ampAt is the order in which Amp looks: of its two files the plain one counts.
func ampAt(base string) []place {
	return []place{
		{path: "$AMP_SETTINGS_FILE"},
		{path: base + "/amp/settings.json", when: fileExists},
		{path: base + "/amp/settings.jsonc", when: fileExists},
		{path: base + "/amp/settings.json"},
	}
}
