// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"path/filepath"
	"regexp"
	"strings"
)

// layout says where in a file the servers are and what an entry needs there.
type layout struct {
	key []string // path of the object that holds the servers
	typ string   // value of the entry's "type"; "" for none
}

var (
	mcpServers = layout{key: []string{"mcpServers"}}
	vsServers  = layout{key: []string{"servers"}, typ: "stdio"}
)

// dollarBrace is how most clients write a variable. None of them has an escape
// for it.
var dollarBrace = regexp.MustCompile(`\$\{`)

// table holds the clients. A row's places are tried in order, the first that
// applies is taken; the key "" stands for every system that has no key of its
// own. files are path suffixes by which [ForPath] recognises the client.
var table = []Client{
	{
		ID:      "claude",
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
			"":       {{path: "$XDG_CONFIG_HOME/Claude/claude_desktop_config.json"}},
		},
	},
	{
		ID:      "claude-code",
		Name:    "Claude Code",
		Format:  JSON,
		After:   "start a new Claude Code session; /mcp shows the server",
		layouts: []layout{mcpServers},
		files:   []string{".claude.json"},
		places: map[string][]place{
			"": {{path: "$CLAUDE_CONFIG_DIR/.claude.json"}, {path: "$HOME/.claude.json"}},
		},
		names: nameRules{
			allowed:  regexp.MustCompile(`^[A-Za-z0-9_-]+$`),
			says:     "only letters, digits, _ and - are allowed",
			reserved: regexp.MustCompile(`^(workspace|claude-in-chrome|computer-use|Claude Preview|Claude Browser)$`),
		},
		values: valueRules{everywhere: dollarBrace},
	},
	{
		ID:      "cursor",
		Aliases: []string{"cursor-agent"},
		Name:    "Cursor",
		Format:  JSONC,
		After: "in Cursor, switch the server on under Settings > Customize > MCPs; " +
			"for the command line: cursor-agent mcp enable NAME",
		layouts: []layout{mcpServers},
		files:   []string{".cursor/mcp.json"},
		places:  map[string][]place{"": {{path: "$HOME/.cursor/mcp.json"}}},
		names:   nameRules{reserved: regexp.MustCompile(`^filesystem`)},
		values:  valueRules{everywhere: dollarBrace},
	},
	visualStudioCode("vscode", "VS Code", "Code"),
	visualStudioCode("vscode-insiders", "VS Code Insiders", "Code - Insiders"),
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
		layouts: []layout{vsServers},
		files:   []string{folder + "/User/mcp.json"},
		places: map[string][]place{
			"windows": at("$APPDATA"),
			"darwin":  at("$HOME/Library/Application Support"),
			"":        at("$XDG_CONFIG_HOME"),
		},
		values: valueRules{everywhere: dollarBrace, program: regexp.MustCompile(`^~`)},
	}
	if id == "vscode" {
		c.files = append(c.files, ".vscode/mcp.json", "user-data/User/mcp.json")
	}
	return c
}

// anyFile is the client of a file that no row knows. Both shapes are in use;
// the content decides, and a new file gets the commoner one.
var anyFile = Client{
	Name:    "MCP client",
	Format:  JSONC,
	After:   "restart the client, or let it reload its MCP servers",
	layouts: []layout{mcpServers, vsServers},
	values:  valueRules{everywhere: dollarBrace},
}

// Lookup finds a client by id or alias, in any case.
func Lookup(idOrAlias string) (Client, bool) {
	for _, c := range table {
		for _, id := range append([]string{c.ID}, c.Aliases...) {
			if strings.EqualFold(id, idOrAlias) {
				return c, true
			}
		}
	}
	return Client{}, false
}

// ForPath returns a client for the file at path, an absolute path. A path that
// a known client uses gives that client with this file; any other file gets
// "mcpServers", or "servers" if that is what it has. [Client.Path] of the
// result is path.
func ForPath(path string) Client {
	slashed := "/" + strings.ToLower(strings.ReplaceAll(path, `\`, "/"))
	for _, c := range table {
		for _, suffix := range c.files {
			if strings.HasSuffix(slashed, "/"+strings.ToLower(suffix)) {
				c.file = path
				return c
			}
		}
	}
	c := anyFile
	c.file = path
	switch filepath.Ext(slashed) {
	case ".toml":
		c.Format = TOML
	case ".yaml", ".yml":
		c.Format = YAML
	}
	return c
}
