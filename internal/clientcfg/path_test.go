// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// system is a made-up system: variables and files by their paths.
type system struct {
	goos, home string
	vars       map[string]string
	files      []string
	content    map[string]string
}

func (s system) env() Env {
	match := func(pattern string) []string {
		var found []string
		for _, f := range s.files {
			// path.Match on slashes does for Windows paths too.
			slashes := strings.NewReplacer(`\`, "/")
			if ok, err := path.Match(slashes.Replace(pattern), slashes.Replace(f)); err != nil {
				panic(err)
			} else if ok {
				found = append(found, f)
			}
		}
		return found
	}
	return Env{
		GOOS:   s.goos,
		Home:   s.home,
		Getenv: func(name string) string { return s.vars[name] },
		Exists: func(path string) bool { return slices.Contains(s.files, path) },
		Glob:   func(pattern string) ([]string, error) { return match(pattern), nil },
		Read: func(path string) ([]byte, error) {
			if text, ok := s.content[path]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		},
	}
}

const (
	winHome   = `C:\Users\ann`
	msix      = winHome + `\AppData\Local\Packages\Claude_pzs8sxrjxfjjc\LocalCache\Roaming\Claude`
	msixOther = winHome + `\AppData\Local\Packages\Claude_other\LocalCache\Roaming\Claude`
	desktop   = `\claude_desktop_config.json`
	roaming   = winHome + `\AppData\Roaming\Claude` + desktop
)

func TestPath(t *testing.T) {
	linux := system{goos: "linux", home: "/home/ann"}
	darwin := system{goos: "darwin", home: "/Users/ann"}
	windows := system{goos: "windows", home: winHome}
	with := func(s system, vars map[string]string, files ...string) system {
		s.vars, s.files = vars, files
		return s
	}
	type vars = map[string]string
	for _, tt := range []struct {
		client string
		system system
		want   string // or "error: " and part of it
	}{
		{"claude", linux, "error: is not known for sure"},
		{"claude", with(linux, nil, "/home/ann/.config/Claude"), "/home/ann/.config/Claude/claude_desktop_config.json"},
		{"claude", with(linux, vars{"XDG_CONFIG_HOME": "/x/cfg/"}, "/x/cfg/Claude"), "/x/cfg/Claude/claude_desktop_config.json"},
		{"claude-desktop", darwin, "/Users/ann/Library/Application Support/Claude/claude_desktop_config.json"},
		{"claude", windows, roaming},
		{"claude", with(windows, vars{"APPDATA": `D:\Roam`}), `D:\Roam\Claude` + desktop},
		{"claude", with(windows, nil, msix), msix + desktop},
		{"claude", with(windows, nil, msix, msix+desktop, roaming), msix + desktop},
		{"claude", with(windows, nil, msix, roaming), roaming},
		{"claude", with(windows, nil, msix, msixOther, msixOther+desktop), msixOther + desktop},
		{"claude", with(windows, nil, msix, msixOther), "error: " + msixOther + desktop + ", " + msix + desktop},
		{"claude", with(windows, nil, msix+desktop, msixOther+desktop), "error: more than one"},
		{"claude", with(windows, vars{"LOCALAPPDATA": `E:/Local/`}, `E:\Local\Packages\Claude_x\LocalCache\Roaming\Claude`),
			`E:\Local\Packages\Claude_x\LocalCache\Roaming\Claude` + desktop},
		{"claude-code", linux, "/home/ann/.claude.json"},
		{"claude-code", darwin, "/Users/ann/.claude.json"},
		{"claude-code", windows, winHome + `\.claude.json`},
		{"claude-code", with(linux, vars{"CLAUDE_CONFIG_DIR": "/srv/claude"}), "/srv/claude/.claude.json"},
		{"claude-code", with(windows, vars{"CLAUDE_CONFIG_DIR": `D:\c`}), `D:\c\.claude.json`},
		{"claude-code", with(windows, vars{"CLAUDE_CONFIG_DIR": `\\host\share\c`}), `\\host\share\c\.claude.json`},
		{"claude-code", with(linux, vars{"CLAUDE_CONFIG_DIR": "~/c"}), "error: CLAUDE_CONFIG_DIR is not an absolute path"},
		{"claude-code", with(windows, vars{"CLAUDE_CONFIG_DIR": `C:c`}), "error: CLAUDE_CONFIG_DIR is not an absolute path"},
		{"claude-code", system{goos: "linux", vars: vars{"CLAUDE_CONFIG_DIR": "/c"}}, "/c/.claude.json"},
		{"claude-code", system{goos: "linux"}, "error: home directory is not known"},
		{"cursor", linux, "/home/ann/.cursor/mcp.json"},
		{"cursor-agent", windows, winHome + `\.cursor\mcp.json`},
		{"cursor", system{goos: "darwin", home: "/"}, "/.cursor/mcp.json"},
		{"vscode", linux, "/home/ann/.config/Code/User/mcp.json"},
		{"vscode", system{goos: "freebsd", home: "/home/ann"}, "/home/ann/.config/Code/User/mcp.json"},
		{"vscode", with(linux, vars{"XDG_CONFIG_HOME": "/x"}), "/x/Code/User/mcp.json"},
		{"vscode", with(linux, vars{"XDG_CONFIG_HOME": "relative"}), "/home/ann/.config/Code/User/mcp.json"},
		{"vscode", with(darwin, vars{"XDG_CONFIG_HOME": "/x"}), "/Users/ann/Library/Application Support/Code/User/mcp.json"},
		{"VSCode", windows, winHome + `\AppData\Roaming\Code\User\mcp.json`},
		{"vscode", with(windows, vars{"APPDATA": `D:\R`, "XDG_CONFIG_HOME": `E:\x`}), `D:\R\Code\User\mcp.json`},
		{"vscode", with(linux, vars{"VSCODE_PORTABLE": "/opt/code/data", "VSCODE_APPDATA": "/y"}), "/opt/code/data/user-data/User/mcp.json"},
		{"vscode-insiders", with(linux, vars{"VSCODE_APPDATA": "/y"}), "/y/Code - Insiders/User/mcp.json"},
		{"vscode-insiders", linux, "/home/ann/.config/Code - Insiders/User/mcp.json"},
		{"vscode-insiders", darwin, "/Users/ann/Library/Application Support/Code - Insiders/User/mcp.json"},
		{"vscode-insiders", windows, winHome + `\AppData\Roaming\Code - Insiders\User\mcp.json`},
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

func TestPathAmbiguous(t *testing.T) {
	c, _ := Lookup("claude")
	_, err := c.Path(system{goos: "windows", home: winHome, files: []string{msix, msixOther}}.env())
	var ambiguous *AmbiguousPathError
	if !errors.As(err, &ambiguous) || !slices.Equal(ambiguous.Paths, []string{msixOther + desktop, msix + desktop}) {
		t.Errorf("%v", err)
	}
}

// TestPathOnDisk uses the real file system, with a home that has the
// characters of a pattern in its name.
func TestPathOnDisk(t *testing.T) {
	home := filepath.Join(t.TempDir(), "a[b]c")
	folder := filepath.Join(home, "AppData", "Local", "Packages", "Claude_1", "LocalCache", "Roaming", "Claude")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	// The rows of Windows with the separators of this system.
	c, _ := Lookup("claude")
	c.places = map[string][]place{"": c.places["windows"]}
	env := Env{Home: home, Getenv: func(name string) string {
		return map[string]string{"LOCALAPPDATA": filepath.Join(home, "AppData", "Local")}[name]
	}}
	got, err := c.Path(env)
	if want := filepath.Join(folder, "claude_desktop_config.json"); err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestPathOfNoClient(t *testing.T) {
	if path, err := (Client{}).Path(Env{Home: "/home/ann"}); err == nil {
		t.Errorf("path %s", path)
	}
}

func TestForPath(t *testing.T) {
	for _, tt := range []struct {
		path, id string
		format   Format
		typ      string
	}{
		{"/home/ann/.claude.json", "claude-code", JSON, ""},
		{`C:\Users\ann\.claude.json`, "claude-code", JSON, ""},
		{roaming, "claude", JSON, ""},
		{"/p/.cursor/mcp.json", "cursor", JSONC, ""},
		{"/p/.vscode/mcp.json", "vscode", JSONC, "stdio"},
		{".vscode/mcp.json", "vscode", JSONC, "stdio"},
		{`C:\p\.VSCode\MCP.json`, "vscode", JSONC, "stdio"},
		{"/home/ann/.config/Code/User/mcp.json", "vscode", JSONC, "stdio"},
		{"/home/ann/.config/Code - Insiders/User/mcp.json", "vscode-insiders", JSONC, "stdio"},
		{"/home/ann/.config/Trae/User/mcp.json", "trae", JSONC, ""},
		{"/home/ann/.codex/config.toml", "codex", TOML, ""},
		{`C:\Users\ann\AppData\Roaming\Block\goose\config\config.yaml`, "goose", YAML, "stdio"},
		{"/home/ann/.config/opencode/opencode.jsonc", "opencode", JSONC, "local"},
		{"/p/.zed/settings.json", "zed", JSONC, ""},
		{"/home/ann/NotCode/User/mcp.json", "", JSONC, ""},
		{"/p/.mcp.json", "", JSON, ""},
		{"/p/my.claude.json", "", JSONC, ""},
		{"/p/toml", "", JSONC, ""},
		{"/p/config.toml", "", TOML, ""},
		{"/p/config.YML", "", YAML, "stdio"},
	} {
		c := forPath(t, tt.path)
		if c.ID != tt.id || c.Format != tt.format || c.layouts[0].typ != tt.typ {
			t.Errorf("%s: %q %s %q", tt.path, c.ID, c.Format, c.layouts[0].typ)
		}
		if got, err := c.Path(Env{}); err != nil || got != tt.path {
			t.Errorf("%s: path %s, %v", tt.path, got, err)
		}
	}
}

// TestTable: what every row must have, so that a new one cannot lack it.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Clients() {
		for _, id := range append([]string{c.ID}, c.Aliases...) {
			if seen[id] {
				t.Errorf("%s is there twice", id)
			}
			seen[id] = true
			if found, ok := Lookup(id); !ok || found.ID != c.ID {
				t.Errorf("%s is not found", id)
			}
		}
		if c.Name == "" || c.After == "" || syntaxes[c.Format].parse == nil || len(c.layouts) == 0 || c.Limit.Max == 0 || c.Limit.Beyond == "" {
			t.Errorf("%s: the row is not complete", c.ID)
		}
		if c.PrintOnly != (len(c.places) == 0) || c.PrintOnly != (c.PrintReason != "") {
			t.Errorf("%s: printed only, or with a file?", c.ID)
		}
		for goos, places := range c.places {
			if last := places[len(places)-1]; last.when != always && c.nowhere == "" {
				t.Errorf("%s on %q: no place for a new file, and no word about it", c.ID, goos)
			}
		}
		if c.Project == "" && (c.ProjectAfter != "" || c.project != nil) {
			t.Errorf("%s: a project's file or not?", c.ID)
		}
	}
	if _, ok := Lookup(""); ok {
		t.Error("a client without an id")
	}
}
