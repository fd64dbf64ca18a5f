// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"path/filepath"
	"strings"
	"sync"
)

// relatives are recognised by their files, and have no id: they are other builds
// of a client, or clients of which no more is known than the file.
var relatives = sync.OnceValue(func() []Client {
	return []Client{
		relativeOf("vscode", "VSCodium", "VSCodium/User", ".vscodium-server/data/User", ".vscode-oss/data/User"),
		relativeOf("vscode", "Code - OSS", "Code - OSS/User", "Code - OSS Dev/User"),
		relativeOf("vscode", "code-server", "code-server/User"),
		devContainer(),
		relative("Claude Code", Client{Format: JSON, Project: ".mcp.json", layouts: []layout{mcpServers, ifFound(vsServers)}, files: []string{".mcp.json"}, gates: claudeGates, admin: claudeAdmin,
			After: "start a new session of the client in the project and approve the server"}),
		relative("GitHub Copilot CLI", Client{Format: JSON, Project: ".github/mcp.json", layouts: []layout{copilotServers}, files: []string{".github/mcp.json"}, gates: copilotGates,
			After: "start Copilot CLI again and trust the folder; a .mcp.json in the project is read instead"}),
		relative("GitHub Copilot for Xcode", Client{layouts: []layout{vsServers}, files: []string{"github-copilot/xcode/mcp.json"},
			After: "start the server in the MCP settings of Copilot"}),
		relative("Continue", Client{Project: ".continue/mcpServers/*.json", layouts: []layout{mcpServers}, files: []string{".continue/mcpServers/*.json"},
			After: "nothing: Continue picks this up by itself, and uses the server in agent mode"}),
		relative("Continue", Client{Format: YAML, Project: ".continue/mcpServers/*.yaml", layouts: []layout{continueServers}, files: []string{".continue/mcpServers/*.yaml", ".continue/mcpServers/*.yml"},
			preamble: "name: tshmcp\nversion: 1.0.0\nschema: v1\n",
			After:    "nothing: Continue picks this up by itself, and uses the server in agent mode"}),
		relative("Windsurf in JetBrains IDEs", Client{layouts: []layout{mcpServers}, files: []string{".codeium/mcp_config.json"},
			After: "refresh the MCP servers in the plug-in"}),
		relative("Roo Code", Client{Project: ".roo/mcp.json", layouts: []layout{mcpServers}, files: []string{".roo/mcp.json", "rooveterinaryinc.roo-cline/settings/mcp_settings.json"},
			After: "restart Roo Code's servers"}),
		relative("Factory", Client{layouts: []layout{mcpServers}, files: []string{".factory/mcp.json"}, After: "start a new session"}),
		relative("Kimi", Client{layouts: []layout{mcpServers}, files: []string{".kimi-code/mcp.json"}, After: "start a new session"}),
	}
})

func relative(name string, c Client) Client {
	c.Name, c.Limit = name, usualLimit
	c.values = valueRules{everywhere: dollarBrace}
	if c.Format == "" {
		c.Format = JSONC
	}
	return c
}

// relativeOf is another build of a client, with its files in folders of its own.
func relativeOf(id, name string, folders ...string) Client {
	c, _ := Lookup(id)
	c.ID, c.Aliases, c.Name, c.Project, c.places, c.files = "", nil, name, "", nil, userFiles(folders...)
	c.After = strings.ReplaceAll(c.After, "VS Code", name)
	c.VendorCLI = ""
	return c
}

// userFiles are the files of VS Code's default profile and of the others, in user
// data folders.
func userFiles(folders ...string) []string {
	var all []string
	for _, f := range folders {
		all = append(all, f+"/mcp.json", f+"/profiles/*/mcp.json")
	}
	return all
}

// devContainer is the file of a container that VS Code works in: what it has of
// servers is copied to the container's own mcp.json when that is built.
func devContainer() Client {
	return relative("a dev container of VS Code", Client{
		Shared:  true,
		Project: ".devcontainer/devcontainer.json",
		After:   "install tshmcp in the container, rebuild it, and sign in there",
		layouts: []layout{{key: []string{"customizations", "vscode", "mcp", "servers"}, shape: vsServers.shape}},
		files:   []string{"devcontainer.json", ".devcontainer.json"},
	})
}

// wrongFile is a file from which its client reads no servers, although it may
// seem so.
type wrongFile struct {
	client string
	files  []string
	right  func(path string) []string // what to name instead: files that it reads, or its id
}

func wrongFiles() []wrongFile {
	return []wrongFile{
		{"Cursor", []string{"Cursor/User/*.json", "Cursor/User/profiles/*/*.json", ".cursor/settings.json", ".cursor/mcp_config.json"}, client("cursor")},
		{"Windsurf", []string{"Windsurf/User/*.json", "Windsurf/User/profiles/*/*.json"}, client("windsurf")},
		{"Kiro", []string{"Kiro/User/*.json", ".kiro/mcp.json"}, client("kiro")},
		{"Trae", []string{"Trae/User/settings.json"}, client("trae")},
		{"VS Code", []string{".vscode/settings.json", ".vscode/launch.json", ".vscode/tasks.json", "User/settings.json", "User/profiles/*/settings.json", "Machine/settings.json"}, beside("mcp.json")},
		{"VS Code", []string{"*.code-workspace"}, beside(".vscode/mcp.json")},
		{"Claude Code", []string{".claude/settings.json", ".claude/settings.local.json", ".claude/mcp.json", ".claude/.mcp.json", ".claude/mcp_servers.json", ".claude/config.json"},
			func(path string) []string {
				return append(client("claude-code")(path), beside("../.mcp.json")(path)...)
			}},
		{"Claude Desktop", []string{"Claude/config.json", "Claude/settings.json", "Claude/mcp.json"}, client("claude")},
		{"Codex", []string{".codex/config.json", ".codex/mcp.json", ".codex/auth.json"}, client("codex")},
		{"GitHub Copilot CLI", []string{".copilot/config.json", ".copilot/settings.json", ".copilot/mcp.json"}, client("copilot-cli")},
		{"Crush", []string{"share/crush/crush.json"}, client("crush")},
		{"Continue", []string{".continue/config.json", ".continue/config.ts", ".continue/mcp.json"}, client("continue")},
		{"Cline", []string{".cline/mcp.json", ".cline/mcp_settings.json"}, client("cline")},
		{"Gemini CLI", []string{".gemini/mcp.json", ".gemini/mcp_config.json", ".gemini/config.json"}, client("gemini-cli")},
		{"Qwen Code", []string{".qwen/mcp.json"}, client("qwen-code")},
		{"Zed", []string{"zed/mcp.json", ".zed/mcp.json"}, client("zed")},
		{"Goose", []string{"goose/mcp.json", "goose/config.json"}, client("goose")},
		{"Amp", []string{"amp/mcp.json"}, client("amp")},
	}
}

// client is for a client whose id is shorter to say than its file.
func client(id string) func(string) []string {
	return func(string) []string { return []string{id} }
}

// beside is a file seen from the folder of the wrong one.
func beside(name string) func(string) []string {
	return func(path string) []string {
		return []string{filepath.Join(filepath.Dir(path), filepath.FromSlash(name))}
	}
}
