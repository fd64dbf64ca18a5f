// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import "github.com/tshmcp/tshmcp/internal/pattern"

var copilotServers = layout{key: mcpServers.key, shape: shape{
	typ: "local", alsoTyp: "stdio", more: []field{{name: "tools", value: []string{"*"}, keep: true}},
}}

// copilotProject is for a file that Claude Code reads too, which skips an entry of
// the type local.
var copilotProject = layout{key: mcpServers.key, shape: shape{typ: "stdio", more: copilotServers.more}}

var visualStudioClients = func() []Client {
	return []Client{
		visualStudioCode("vscode", "VS Code", "Code"),
		visualStudioCode("vscode-insiders", "VS Code Insiders", "Code - Insiders"),
		{
			ID:           "visual-studio",
			Name:         "Visual Studio",
			Format:       JSONC,
			After:        "open the tools of Copilot Chat in Visual Studio; it finds the server by itself",
			Project:      ".mcp.json",
			ProjectAfter: "open the solution again; Visual Studio finds the server by itself",
			layouts:      []layout{vsServers},
			places:       map[string][]place{"windows": {{path: "$HOME/.mcp.json"}}},
			marks:        []string{"$LOCALAPPDATA/Microsoft/VisualStudio"},
			nowhere:      "it runs on Windows only",
			values:       valueRules{everywhere: dollarBrace},
			Limit:        usualLimit,
		},
		{
			ID:           "copilot-cli",
			Name:         "GitHub Copilot CLI",
			Format:       JSONC,
			After:        "start Copilot CLI again; /mcp show shows the server",
			Project:      ".mcp.json",
			ProjectAfter: "start Copilot CLI again and trust the folder; /mcp show shows the server",
			VendorCLI:    "copilot mcp add NAME -- COMMAND ARGS",
			project:      &projectFile{format: JSON, layouts: []layout{copilotProject}},
			layouts:      []layout{copilotServers},
			files:        []string{".copilot/mcp-config.json"},
			places:       everywhere(place{path: "$COPILOT_HOME/mcp-config.json"}, place{path: "$HOME/.copilot/mcp-config.json"}),
			gates:        copilotGates,
			values:       valueRules{everywhere: dollarBrace},
			env:          envRules{passes: pattern.New(`^PATH$`), bare: true},
			Limit:        ToolLimit{Separator: "-", Max: 64, Beyond: "some models then refuse the tool"},
		},
		{
			ID:      "copilot-jetbrains",
			Name:    "GitHub Copilot for JetBrains IDEs",
			Format:  JSONC,
			After:   "press Start beside the entry in the IDE's MCP settings of Copilot",
			layouts: []layout{vsServers},
			files:   []string{"github-copilot/intellij/mcp.json"},
			places: map[string][]place{
				"windows": {{path: "$LOCALAPPDATA/github-copilot/intellij/mcp.json"}},
				"":        {{path: "$XDG_CONFIG_HOME/github-copilot/intellij/mcp.json"}},
			},
			values: valueRules{everywhere: dollarBrace},
			Limit:  usualLimit,
		},
	}
}

// visualStudioCode is the row of one edition; folder is the name of its folder
// in the user's config directory.
func visualStudioCode(id, name, folder string) Client {
	overrides := []place{
		{path: "$VSCODE_PORTABLE/user-data/User/mcp.json"},
		{path: "$VSCODE_APPDATA/" + folder + "/User/mcp.json"},
	}
	at := func(base string) []place {
		return append(overrides[:2:2], place{path: base + "/" + folder + "/User/mcp.json"})
	}
	c := Client{
		ID:      id,
		Name:    name,
		Format:  JSONC,
		After:   "in " + name + ", run \"MCP: List Servers\", start the server and confirm that you trust it",
		Logs:    "in " + name + ": \"MCP: List Servers\", the server, \"Show Output\"",
		Project: ".vscode/mcp.json",
		layouts: []layout{vsServers},
		files:   userFiles(folder + "/User"),
		places: map[string][]place{
			"windows": at("$APPDATA"),
			"darwin":  at("$HOME/Library/Application Support"),
			"":        at("$XDG_CONFIG_HOME"),
		},
		gates:  codeGates,
		values: valueRules{everywhere: dollarBrace, program: pattern.New(`^~`)},
		// What counts is not the entry's name but the title that the server
		// gives itself.
		Limit:     ToolLimit{Prefix: "mcp_", Separator: "_", ServerMax: 13, Max: 64, Beyond: "the model's API then refuses the tool"},
		VendorCLI: "code --add-mcp JSON",
	}
	if id == "vscode" {
		c.files = append(c.files, ".vscode/mcp.json")
		c.files = append(c.files, userFiles("user-data/User", ".vscode-server/data/User", ".vscode-remote/data/User")...)
	} else {
		c.files = append(c.files, userFiles(".vscode-server-insiders/data/User")...)
		c.VendorCLI = "code-insiders --add-mcp JSON"
	}
	return c
}
