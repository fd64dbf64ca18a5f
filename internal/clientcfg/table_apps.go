// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

var appClients = func() []Client {
	return []Client{
		{
			ID:      "lmstudio",
			Aliases: []string{"lm-studio"},
			Name:    "LM Studio",
			Format:  JSONC,
			After:   "nothing: LM Studio picks this up by itself",
			layouts: []layout{mcpServers},
			files:   []string{".lmstudio/mcp.json"},
			places:  everywhere(place{path: "$@.lmstudio-home-pointer/mcp.json"}, place{path: "$HOME/.lmstudio/mcp.json"}),
			values:  valueRules{everywhere: dollarBrace},
			Limit:   usualLimit,
		},
		{
			ID:           "warp",
			Name:         "Warp",
			Format:       JSONC,
			After:        "nothing: Warp picks this up and starts the server by itself",
			Project:      ".warp/.mcp.json",
			ProjectAfter: "start the server under Settings > MCP servers in Warp",
			layouts:      []layout{mcpServers},
			files:        []string{".warp/.mcp.json"},
			places:       inHome(".warp/.mcp.json"),
			values:       valueRules{everywhere: dollarBrace},
			Limit:        usualLimit,
		},
	}
}

// printedClients have no file that could be written with a good conscience.
var printedClients = func() []Client {
	return []Client{
		printed("jetbrains-ai", "JetBrains AI Assistant",
			"its servers are set in the IDE only",
			"paste it under Settings > Tools > AI Assistant > Model Context Protocol"),
		printed("cherry-studio", "Cherry Studio",
			"it keeps its servers in a database",
			"import it under Settings > MCP Servers in Cherry Studio and switch the server on"),
		printed("5ire", "5ire",
			"where it keeps its servers is not known for sure",
			"paste it in the tools of 5ire"),
		printed("roo-code", "Roo Code",
			"it is no longer maintained",
			"paste it into the file that \"Edit Global MCP\" in Roo Code opens"),
	}
}

func printed(id, name, reason, after string) Client {
	return Client{
		ID: id, Name: name, Format: JSON, After: after,
		PrintOnly: true, PrintReason: reason,
		layouts: []layout{mcpServers},
		values:  valueRules{everywhere: dollarBrace},
		Limit:   usualLimit,
	}
}
