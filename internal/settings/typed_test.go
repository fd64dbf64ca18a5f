// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"strings"
	"testing"
)

// TestTypedPath: whatever way a person names a file, that file is meant, or it is
// said why not.
func TestTypedPath(t *testing.T) {
	for _, tt := range []struct{ goos, typed, want string }{
		{"linux", "~", "/home/ann"},
		{"linux", "~/", "/home/ann/"},
		{"linux", "~/.cursor/mcp.json", "/home/ann/.cursor/mcp.json"},
		{"linux", "./~/x", "./~/x"},
		{"linux", "x~", "x~"},
		{"linux", `~\x`, "error: the home directory of"},
		{"linux", "~bob/x", "error: the home directory of bob is not looked up"},
		{"linux", "~bob", "error: the home directory of bob"},
		{"linux", "file:///home/ann/My%20Files/a.json", "/home/ann/My Files/a.json"},
		{"linux", "file://localhost/a.json", "/a.json"},
		{"linux", "FILE:///a.json", "/a.json"},
		{"linux", "file:/a.json", "/a.json"},
		{"linux", "file:a.json", "error: \"file:a.json\" is not a path"},
		{"linux", "file://", "error: \"file://\" is not a path"},
		{"linux", "file://server/a.json", "error: \"file://server/a.json\" is a file on another machine, server"},
		{"linux", "file:///a%zz", "error: \"file:///a%zz\" is not a URL"},
		{"linux", "file:///a.json#top", "error: "},
		{"linux", "file:///a%00b", "error: a path cannot have NUL"},
		{"linux", "files/file.json", "files/file.json"},
		{"linux", "$HOME/.cursor/mcp.json", "/home/ann/.cursor/mcp.json"},
		{"linux", "${HOME}/.cursor/mcp.json", "/home/ann/.cursor/mcp.json"},
		{"linux", "$HOME", "/home/ann"},
		{"linux", "$HOMEPAGE/x", "error: the variable in"},
		{"linux", "$XDG_CONFIG_HOME/zed/settings.json", "error: the variable in"},
		{"linux", "${workspaceFolder}/.vscode/mcp.json", "error: the variable in"},
		{"linux", `%USERPROFILE%\.cursor\mcp.json`, "error: the variable in"},
		{"linux", `%APPDATA%\Claude\a.json`, "error: the variable in"},
		{"linux", "./$HOME/x", "./$HOME/x"},
		{"linux", "/a/$HOME/x", "/a/$HOME/x"},
		{"linux", "$", "$"},
		{"linux", "$a.json", "$a.json"},
		{"linux", "100%.json", "100%.json"},
		{"windows", `%USERPROFILE%\.cursor\mcp.json`, `C:\Users\ann\.cursor\mcp.json`},
		{"windows", `$env:USERPROFILE\.cursor\mcp.json`, `C:\Users\ann\.cursor\mcp.json`},
		{"windows", `$Env:APPDATA\Claude\a.json`, "error: the variable in"},
		{"windows", `~\.cursor\mcp.json`, `C:\Users\ann\.cursor\mcp.json`},
		{"windows", "~/.cursor/mcp.json", `C:\Users\ann/.cursor/mcp.json`},
		{"windows", `~bob\x`, "error: the home directory of bob"},
		{"windows", "file:///C:/Users/ann/a%20b.json", `C:\Users\ann\a b.json`},
		{"windows", "file://server/share/a.json", `\\server\share\a.json`},
		{"windows", `C:\a.json`, `C:\a.json`},
	} {
		home := "/home/ann"
		if tt.goos == "windows" {
			home = `C:\Users\ann`
		}
		got, err := TypedPath(tt.goos, home, tt.typed)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != tt.want && !(err != nil && strings.HasPrefix(got, tt.want) && tt.want != "") {
			t.Errorf("%s %s: %s, want %s", tt.goos, tt.typed, got, tt.want)
		}
	}
	if got, err := TypedPath("linux", "", "~/x"); err == nil {
		t.Errorf("without a home: %s", got)
	}
}
