// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: where each client's file is.

package clientcfg

import (
	"errors"
	"strings"
	"testing"
)

// TestPathOfEveryClient holds where each client's file is on each system if
// nothing is set and nothing is there.
func TestPathOfEveryClient(t *testing.T) {
	const none = "none"
	for id, want := range map[string][3]string{ // linux, darwin, windows; below the home directory
		"claude":            {none, "Library/Application Support/Claude/claude_desktop_config.json", "AppData/Roaming/Claude/claude_desktop_config.json"},
		"claude-code":       {".claude.json"},
		"cursor":            {".cursor/mcp.json"},
		"vscode":            {".config/Code/User/mcp.json", "Library/Application Support/Code/User/mcp.json", "AppData/Roaming/Code/User/mcp.json"},
		"vscode-insiders":   {".config/Code - Insiders/User/mcp.json", "Library/Application Support/Code - Insiders/User/mcp.json", "AppData/Roaming/Code - Insiders/User/mcp.json"},
		"visual-studio":     {none, none, ".mcp.json"},
		"copilot-cli":       {".copilot/mcp-config.json"},
		"copilot-jetbrains": {".config/github-copilot/intellij/mcp.json", ".config/github-copilot/intellij/mcp.json", "AppData/Local/github-copilot/intellij/mcp.json"},
		"windsurf":          {".codeium/windsurf/mcp_config.json"},
		"devin":             {".config/devin/mcp_config.json", ".config/devin/mcp_config.json", "AppData/Roaming/devin/mcp_config.json"},
		"zed":               {".config/zed/settings.json", ".config/zed/settings.json", "AppData/Roaming/Zed/settings.json"},
		"cline":             {".cline/data/settings/cline_mcp_settings.json"},
		"continue":          {".continue/config.yaml"},
		"kiro":              {".kiro/settings/mcp.json"},
		"trae":              {none, "Library/Application Support/Trae/User/mcp.json", "AppData/Roaming/Trae/User/mcp.json"},
		"junie":             {".junie/mcp/mcp.json"},
		"codex":             {".codex/config.toml"},
		"gemini-cli":        {".gemini/settings.json"},
		"qwen-code":         {".qwen/settings.json"},
		"antigravity":       {".gemini/config/mcp_config.json"},
		"opencode":          {".config/opencode/opencode.json"},
		"crush":             {".config/crush/crush.json"},
		"amp":               {".config/amp/settings.json", ".config/amp/settings.json", none},
		"goose":             {".config/goose/config.yaml", ".config/goose/config.yaml", "AppData/Roaming/Block/goose/config/config.yaml"},
		"amazonq":           {".aws/amazonq/mcp.json"},
		"lmstudio":          {".lmstudio/mcp.json"},
		"warp":              {".warp/.mcp.json"},
		"jetbrains-ai":      {none, none, none},
		"cherry-studio":     {none, none, none},
		"5ire":              {none, none, none},
		"roo-code":          {none, none, none},
	} {
		c, ok := Lookup(id)
		if !ok {
			t.Errorf("no client %s", id)
			continue
		}
		if want[1] == "" { // the same everywhere
			want = [3]string{want[0], want[0], want[0]}
		}
		for i, s := range []system{{goos: "linux", home: "/home/ann"}, {goos: "darwin", home: "/Users/ann"}, {goos: "windows", home: winHome}} {
			got, err := c.Path(s.env())
			if want[i] == none {
				var noFile *NoFileError
				if !errors.As(err, &noFile) || noFile.Client != c.Name || noFile.Reason == "" {
					t.Errorf("%s on %s: %s, %v", id, s.goos, got, err)
				}
				continue
			}
			if path := s.env().join(s.home, want[i]); err != nil || got != path {
				t.Errorf("%s on %s: %s, %v, want %s", id, s.goos, got, err, path)
			}
			known := forPath(t, got)
			if id != "visual-studio" && known.ID != id {
				t.Errorf("%s is known as %q", got, known.ID)
			}
		}
	}
	if n := len(Clients()); n != 31 {
		t.Errorf("%d clients, some are not in the table of this test", n)
	}
}

// TestPathOverrides holds the variables and the files that move a client's file.
func TestPathOverrides(t *testing.T) {
	type vars = map[string]string
	linux := func(v vars, files ...string) system {
		return system{goos: "linux", home: "/home/ann", vars: v, files: files}
	}
	windows := func(v vars, files ...string) system {
		return system{goos: "windows", home: winHome, vars: v, files: files}
	}
	xdg := vars{"XDG_CONFIG_HOME": "/x"}
	pointer := linux(nil, "/home/ann/.lmstudio-home-pointer")
	pointer.content = map[string]string{"/home/ann/.lmstudio-home-pointer": "/data/lmstudio\n"}
	nonsense := pointer
	nonsense.content = map[string]string{"/home/ann/.lmstudio-home-pointer": "not a path"}
	for _, tt := range []struct {
		client string
		system system
		want   string // or "error: " and part of it
	}{
		{"copilot-cli", linux(vars{"COPILOT_HOME": "/c"}), "/c/mcp-config.json"},
		{"copilot-cli", linux(xdg), "/home/ann/.copilot/mcp-config.json"},
		{"copilot-jetbrains", linux(xdg), "/x/github-copilot/intellij/mcp.json"},
		{"copilot-jetbrains", windows(vars{"LOCALAPPDATA": `E:\L`, "XDG_CONFIG_HOME": `E:\x`}), `E:\L\github-copilot\intellij\mcp.json`},
		{"devin", linux(xdg), "/x/devin/mcp_config.json"},
		{"devin", linux(nil, "/home/ann/.config/devin/config.json"), "/home/ann/.config/devin/config.json"},
		{"devin", linux(nil, "/home/ann/.config/devin/config.json", "/home/ann/.config/devin/mcp_config.json"), "/home/ann/.config/devin/mcp_config.json"},
		{"zed", linux(xdg), "/x/zed/settings.json"},
		{"zed", linux(vars{"XDG_CONFIG_HOME": "/x", "FLATPAK_XDG_CONFIG_HOME": "/f"}), "/f/zed/settings.json"},
		{"zed", linux(vars{"FLATPAK_XDG_CONFIG_HOME": "relative"}), "/home/ann/.config/zed/settings.json"},
		{"zed", system{goos: "darwin", home: "/Users/ann", vars: xdg}, "/Users/ann/.config/zed/settings.json"},
		{"gemini-cli", linux(vars{"GEMINI_CLI_HOME": "/g"}), "/g/.gemini/settings.json"},
		{"qwen-code", linux(vars{"QWEN_HOME": "/q"}), "/q/settings.json"},
		{"codex", linux(vars{"CODEX_HOME": "/c"}), "/c/config.toml"},
		{"codex", linux(vars{"CODEX_HOME": "c"}), "error: CODEX_HOME is not an absolute path"},
		{"codex", windows(vars{"CODEX_HOME": `D:\c`}), `D:\c\config.toml`},
		{"cline", linux(vars{"CLINE_MCP_SETTINGS_PATH": "/s/own.json", "CLINE_DATA_DIR": "/d"}), "/s/own.json"},
		{"cline", linux(vars{"CLINE_DATA_DIR": "/d", "CLINE_DIR": "/e"}), "/d/settings/cline_mcp_settings.json"},
		{"cline", linux(vars{"CLINE_DIR": "/e"}), "/e/data/settings/cline_mcp_settings.json"},
		{"goose", linux(xdg), "/x/goose/config.yaml"},
		{"goose", linux(vars{"XDG_CONFIG_HOME": "/x", "GOOSE_PATH_ROOT": "/g"}), "/g/config/config.yaml"},
		{"goose", linux(vars{"GOOSE_PATH_ROOT": "g"}), "/home/ann/.config/goose/config.yaml"},
		{"goose", windows(vars{"GOOSE_PATH_ROOT": `D:\g`}), `D:\g\config\config.yaml`},
		{"continue", linux(vars{"CONTINUE_GLOBAL_DIR": "/c"}), "/c/config.yaml"},
		{"opencode", linux(xdg), "/x/opencode/opencode.json"},
		{"opencode", linux(vars{"OPENCODE_CONFIG": "/o/mine.json", "OPENCODE_CONFIG_DIR": "/d"}), "/o/mine.json"},
		{"opencode", linux(vars{"OPENCODE_CONFIG_DIR": "/d"}), "/d/opencode.json"},
		{"opencode", linux(vars{"OPENCODE_CONFIG_DIR": "/d"}, "/d/opencode.jsonc"), "/d/opencode.jsonc"},
		{"opencode", linux(nil, "/home/ann/.config/opencode/opencode.jsonc"), "/home/ann/.config/opencode/opencode.jsonc"},
		{"opencode", linux(nil, "/home/ann/.config/opencode/opencode.jsonc", "/home/ann/.config/opencode/opencode.json"), "error: more than one"},
		{"opencode", windows(nil), winHome + `\.config\opencode\opencode.json`},
		{"crush", linux(xdg), "/x/crush/crush.json"},
		{"crush", linux(vars{"CRUSH_GLOBAL_CONFIG": "/c", "XDG_CONFIG_HOME": "/x"}), "/c/crush.json"},
		{"crush", windows(nil), winHome + `\.config\crush\crush.json`},
		{"amp", linux(nil, "/home/ann/.config/amp/settings.jsonc"), "/home/ann/.config/amp/settings.jsonc"},
		{"amp", linux(nil, "/home/ann/.config/amp/settings.jsonc", "/home/ann/.config/amp/settings.json"), "/home/ann/.config/amp/settings.json"},
		{"amp", linux(xdg), "/x/amp/settings.json"},
		{"amp", linux(vars{"AMP_SETTINGS_FILE": "/own.json", "XDG_CONFIG_HOME": "/x"}), "/own.json"},
		{"amp", system{goos: "darwin", home: "/Users/ann", vars: xdg}, "/Users/ann/.config/amp/settings.json"},
		{"amp", windows(vars{"AMP_SETTINGS_FILE": `D:\own.json`}), `D:\own.json`},
		{"amp", windows(nil, winHome+`\.config\amp\settings.json`), winHome + `\.config\amp\settings.json`},
		{"amp", windows(nil, winHome+`\AppData\Roaming\amp\settings.jsonc`), winHome + `\AppData\Roaming\amp\settings.jsonc`},
		{"amp", windows(nil, winHome+`\.config\amp\settings.json`, winHome+`\AppData\Roaming\amp\settings.json`), "error: more than one"},
		{"amp", windows(nil), "error: not known for sure"},
		{"trae", linux(nil, "/home/ann/.config/Trae/User/mcp.json"), "/home/ann/.config/Trae/User/mcp.json"},
		{"trae", linux(nil, "/home/ann/.config/trae/mcp.json"), "/home/ann/.config/trae/mcp.json"},
		{"trae", linux(nil), "error: not known for sure"},
		{"lmstudio", pointer, "/data/lmstudio/mcp.json"},
		{"lmstudio", nonsense, "/home/ann/.lmstudio/mcp.json"},
		{"visual-studio", linux(nil), "error: it runs on Windows only"},
		{"roo-code", linux(nil), "error: no longer maintained"},
		{"jetbrains-ai", windows(nil), "error: in the IDE only"},
	} {
		c, ok := Lookup(tt.client)
		if !ok {
			t.Fatal(tt.client)
		}
		got, err := c.Path(tt.system.env())
		if want, isError := strings.CutPrefix(tt.want, "error: "); isError {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %+v: %q, error %v, want %s", tt.client, tt.system, got, err, want)
			}
			continue
		}
		if err != nil || got != tt.want {
			t.Errorf("%s %+v:\n%s, %v\nwant\n%s", tt.client, tt.system, got, err, tt.want)
		}
	}
}

// TestProject holds the files of projects.
func TestProject(t *testing.T) {
	for _, tt := range []struct {
		client string
		files  []string
		want   string // below the project's folder, "" if there is none
		format Format
	}{
		{"claude", nil, "", ""},
		{"claude-code", nil, ".mcp.json", JSON},
		{"cursor", nil, ".cursor/mcp.json", JSONC},
		{"vscode", nil, ".vscode/mcp.json", JSONC},
		{"vscode-insiders", nil, ".vscode/mcp.json", JSONC},
		{"visual-studio", nil, ".mcp.json", JSONC},
		{"copilot-cli", nil, ".mcp.json", JSON},
		{"windsurf", nil, "", ""},
		{"devin", nil, ".devin/mcp_config.json", JSONC},
		{"zed", nil, ".zed/settings.json", JSONC},
		{"gemini-cli", nil, ".gemini/settings.json", JSONComments},
		{"antigravity", nil, ".agents/mcp_config.json", JSON},
		{"qwen-code", nil, ".qwen/settings.json", JSONComments},
		{"codex", nil, ".codex/config.toml", TOML},
		{"cline", nil, "", ""},
		{"goose", nil, "", ""},
		{"continue", nil, ".continue/mcpServers/tshmcp.json", JSONC},
		{"junie", nil, "", ""},
		{"warp", nil, ".warp/.mcp.json", JSONC},
		{"amazonq", nil, ".amazonq/mcp.json", JSON},
		{"kiro", nil, ".kiro/settings/mcp.json", JSONC},
		{"opencode", nil, "opencode.json", JSONC},
		{"opencode", []string{"/p/opencode.jsonc"}, "opencode.jsonc", JSONC},
		{"amp", nil, ".amp/settings.json", JSONC},
		{"amp", []string{"/p/.amp/settings.jsonc"}, ".amp/settings.jsonc", JSONC},
		{"crush", nil, "crush.json", JSON},
		{"crush", []string{"/p/.crush.json"}, ".crush.json", JSON},
		{"trae", nil, ".trae/mcp.json", JSONC},
		{"roo-code", nil, "", ""},
	} {
		c, _ := Lookup(tt.client)
		env := system{goos: "linux", home: "/home/ann", files: tt.files}.env()
		in, err := c.In(env, ProjectScope, "/p")
		var noFile *NoFileError
		if tt.want == "" {
			if !errors.As(err, &noFile) || c.Project != "" {
				t.Errorf("%s: %v", tt.client, err)
			}
			continue
		}
		path, pathErr := in.Path(env)
		if err != nil || pathErr != nil || path != "/p/"+tt.want || in.Format != tt.format {
			t.Errorf("%s: %s %s, %v, %v", tt.client, path, in.Format, err, pathErr)
		}
		if same, err := c.In(env, UserScope, "/p"); err != nil || same.file != "" || same.Format != c.Format {
			t.Errorf("%s for the user: %v", tt.client, err)
		}
	}
}

func TestProjectOfContinue(t *testing.T) {
	c, _ := Lookup("continue")
	in, err := c.In(Env{}, ProjectScope, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	out, err := in.Edit(nil, entryFor("x"))
	if err != nil || !strings.HasPrefix(string(out), "{\n  \"mcpServers\": {\n    \"x\": {") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestInstalled(t *testing.T) {
	for _, tt := range []struct {
		client, goos string
		files        []string
		want         bool
	}{
		{"claude-code", "linux", []string{"/home/ann"}, false},
		{"claude-code", "linux", []string{"/home/ann/.claude.json"}, true},
		{"claude-code", "linux", []string{"/home/ann/.claude"}, true},
		{"cursor", "linux", []string{"/home/ann/.cursor"}, true},
		{"cursor", "linux", []string{"/home/ann/.cursor-other"}, false},
		{"vscode", "linux", []string{"/home/ann/.config", "/home/ann/.config/Code"}, false},
		{"vscode", "linux", []string{"/home/ann/.config/Code/User"}, true},
		{"codex", "linux", []string{"/home/ann/.codex"}, true},
		{"kiro", "linux", []string{"/home/ann/.kiro"}, true},
		{"visual-studio", "windows", []string{winHome}, false},
		{"visual-studio", "windows", []string{winHome + `\.mcp.json`}, true},
		{"visual-studio", "windows", []string{winHome + `\AppData\Local\Microsoft\VisualStudio`}, true},
		{"visual-studio", "linux", []string{"/home/ann/.mcp.json"}, false},
		{"claude", "windows", []string{msix}, true},
		{"trae", "linux", []string{"/home/ann/.config/trae"}, true},
		{"roo-code", "linux", []string{"/home/ann"}, false},
	} {
		c, _ := Lookup(tt.client)
		s := system{goos: tt.goos, home: "/home/ann", files: tt.files}
		if tt.goos == "windows" {
			s.home = winHome
		}
		if got := c.Installed(s.env()); got != tt.want {
			t.Errorf("%s with %v: %v", tt.client, tt.files, got)
		}
	}
}

func TestManaged(t *testing.T) {
	for goos, path := range map[string]string{
		"linux":   "/etc/claude-code/managed-mcp.json",
		"darwin":  "/Library/Application Support/ClaudeCode/managed-mcp.json",
		"windows": `C:\Program Files\ClaudeCode\managed-mcp.json`,
	} {
		c, _ := Lookup("claude-code")
		got, effect := c.Managed(system{goos: goos, home: "/h", files: []string{path}}.env())
		if got != path || !strings.Contains(effect, "no effect") {
			t.Errorf("%s: %s %s", goos, got, effect)
		}
		if got, effect := c.Managed(system{goos: goos, home: "/h"}.env()); got != "" || effect != "" {
			t.Errorf("%s: %s %s", goos, got, effect)
		}
	}
	const (
		old   = "/home/ann/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json"
		newer = "/home/ann/.cline/data/settings/cline_mcp_settings.json"
	)
	cline, _ := Lookup("cline")
	for _, tt := range []struct {
		files []string
		want  string
	}{{nil, ""}, {[]string{old}, old}, {[]string{old, newer}, ""}} {
		if got, _ := cline.Managed(system{goos: "linux", home: "/home/ann", files: tt.files}.env()); got != tt.want {
			t.Errorf("with %v: %s", tt.files, got)
		}
	}
	antigravity, _ := Lookup("antigravity")
	const olderIDE = "/home/ann/.gemini/antigravity/mcp_config.json"
	if got, effect := antigravity.Managed(system{goos: "linux", home: "/home/ann", files: []string{olderIDE}}.env()); got != olderIDE || effect == "" {
		t.Errorf("%s: %s", got, effect)
	}
	c, _ := Lookup("cursor")
	if got, _ := c.Managed(Env{Exists: func(string) bool { return true }}); got != "" {
		t.Error(got)
	}
}
