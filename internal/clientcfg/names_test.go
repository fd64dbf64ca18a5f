// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSafeName(t *testing.T) {
	long := strings.Repeat("x", 30)
	for _, tt := range []struct {
		client, name string
		tools        []string
		want         string
	}{
		{"claude", "teleport-mcp-a.b c", nil, "teleport-mcp-a.b c"},
		{"claude-code", "teleport-mcp-a.b c", nil, "teleport-mcp-a-b-c"},
		{"claude-code", "workspace", nil, "mcp-workspace"},
		{"claude-code", " a ", nil, "a"},
		{"claude-code", "é", nil, "mcp-"},
		{"codex", "ü notes", nil, "notes"},
		{"claude", "--notes", nil, "notes"},
		{"cursor", "filesystem", nil, "mcp-filesystem"},
		{"gemini-cli", "teleport-mcp-a_b", nil, "teleport-mcp-a-b"},
		{"goose", "Teleport MCP", nil, "teleport-mcp"},
		{"opencode", "servers", nil, "mcp-servers"},
		{"opencode", "timeout", nil, "mcp-timeout"},
		{"crush", "a$(x)", nil, "a--x-"},
		{"codex", "a.b", nil, "a-b"},
		{"vscode", "a\nb", nil, "a-b"},
		{"cursor", "", nil, "mcp-"},
		{"cursor", "a\u202eb\u2029c\n", nil, "a-b-c"},
		{"goose", strings.Repeat("x", 3000), nil, strings.Repeat("x", 196)},
		{"claude", strings.Repeat("ä", 3000), nil, strings.Repeat("ä", 98)},
		// 60 characters for both: the prefix gives way step by step.
		{"cursor", "teleport-mcp-grafana", []string{long}, "teleport-mcp-grafana"},
		{"cursor", "teleport-mcp-grafana", []string{strings.Repeat("x", 41)}, "teleport-grafana"},
		{"cursor", "teleport-mcp-grafana", []string{strings.Repeat("x", 45)}, "tp-grafana"},
		{"cursor", "teleport-mcp-grafana", []string{strings.Repeat("x", 53)}, "grafana"},
		{"cursor", "teleport-mcp-grafana", []string{strings.Repeat("x", 60)}, "teleport-mcp-grafana"}, // nothing helps
		{"cursor", "teleport-mcp-grafana", []string{strings.Repeat("x", 60), strings.Repeat("y", 45)}, "tp-grafana"},
		{"cursor", "other-grafana", []string{strings.Repeat("x", 53)}, "other-grafana"},
		{"claude-code", "teleport-mcp-grafana", []string{strings.Repeat("x", 37)}, "teleport-mcp-grafana"},
		{"claude-code", "teleport-mcp-grafana", []string{strings.Repeat("x", 38)}, "teleport-grafana"},
		{"codex", "teleport-mcp-grafana", []string{strings.Repeat("x", 60)}, "teleport-mcp-grafana"}, // shortens by itself
		{"vscode", "teleport-mcp-grafana", []string{strings.Repeat("x", 46)}, "teleport-mcp-grafana"},
	} {
		c, _ := Lookup(tt.client)
		if got := c.SafeName(tt.name, tt.tools...); got != tt.want {
			t.Errorf("%s: %q %d: %q, want %q", tt.client, tt.name, len(tt.tools), got, tt.want)
		}
	}
	for _, c := range append(Clients(), Client{}) {
		for _, name := range []string{"", "\x00", "\xff", "ÄÖ_.$ ", "-", "workspace", "filesystem", "\u2028\u202e", strings.Repeat("日", 1000)} {
			if err := c.CheckName(c.SafeName(name)); err != nil || c.SafeName(name)[0] == '-' {
				t.Errorf("%s: %q becomes %q: %v", c.ID, name, c.SafeName(name), err)
			}
		}
	}
}

// TestToolLimit holds how each client names tools, and its limit.
func TestToolLimit(t *testing.T) {
	for id, want := range map[string]struct {
		name string // of the tool t of the server N
		max  int
	}{
		"claude":      {"mcp__N__t", 64},
		"claude-code": {"mcp__N__t", 64},
		"cursor":      {"Nt", 60},
		"copilot-cli": {"N-t", 64},
		"vscode":      {"mcp_N_t", 64},
		"gemini-cli":  {"mcp_N_t", 63},
		"qwen-code":   {"mcp__N__t", 63},
		"codex":       {"mcp__N__t", 64},
		"opencode":    {"N_t", 64},
		"crush":       {"mcp_N_t", 64},
	} {
		c, _ := Lookup(id)
		if got := c.Limit.Name("N", "t"); got != want.name || c.Limit.Max != want.max {
			t.Errorf("%s: %s, %d", id, got, c.Limit.Max)
		}
		fits := strings.Repeat("t", want.max-len(want.name)+1)
		if !c.Limit.Fits("N", []string{fits}) || c.Limit.Fits("N", []string{fits + "t"}) || !c.Limit.Fits("N", []string{fits + "t", fits}) {
			t.Errorf("%s: what fits", c.ID)
		}
		if got := c.Limit.TooLong("N", []string{fits, fits + "t"}); !slices.Equal(got, []string{fits + "t"}) {
			t.Errorf("%s: too long: %q", id, got)
		}
	}
	c, _ := Lookup("vscode")
	if got := c.Limit.Name("a-very-long-title", "t"); got != "mcp_a-very-long-t_t" {
		t.Error(got)
	}
	if got := (ToolLimit{}).TooLong(strings.Repeat("x", 1000), []string{"t"}); got != nil {
		t.Error(got)
	}
}

// TestRunningApps: which apps write their own copy over ours while they run.
func TestRunningApps(t *testing.T) {
	want := map[string]map[string][]string{
		"claude": {"darwin": {"Claude"}, "windows": {"claude.exe"}, "linux": {"claude-desktop"}},
	}
	for _, c := range Clients() {
		if !reflect.DeepEqual(c.Processes, want[c.ID]) {
			t.Errorf("%s: %v", c.ID, c.Processes)
		}
	}
}

func TestEnviron(t *testing.T) {
	type vars = map[string]string
	set := vars{
		"HOME": "/home/ann", "PATH": "/bin", "USERPROFILE": winHome, "SystemRoot": `C:\Windows`, "APPDATA": "a", "LOCALAPPDATA": "l",
		"TSHMCP_HOME": "/t", "HTTPS_PROXY": "http://p", "SSL_CERT_FILE": "/c.pem", "OTEL_X": "o", "TEMP": "/tmp", "TMPDIR": "/tmp",
	}
	names := []string{"TSHMCP_HOME", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"}
	for _, tt := range []struct {
		client, goos string
		names        []string
		frozen       vars
		live         []string
	}{
		{"claude", "linux", names, vars{"TSHMCP_HOME": "/t", "HTTPS_PROXY": "http://p", "SSL_CERT_FILE": "/c.pem"}, nil},
		{"claude", "linux", []string{"HOME", "PATH", "TMPDIR"}, vars{"TMPDIR": "/tmp"}, nil},
		{"claude", "windows", []string{"userprofile", "Path", "TSHMCP_HOME"}, vars{"TSHMCP_HOME": "/t"}, nil},
		{"claude-code", "linux", append(names, "OTEL_X"), vars{"OTEL_X": "o"}, nil},
		{"gemini-cli", "linux", names, vars{"SSL_CERT_FILE": "/c.pem"}, nil},
		{"qwen-code", "linux", names, nil, nil},
		{"codex", "linux", append(names, "HOME", "TMPDIR"), nil, []string{"TSHMCP_HOME", "HTTPS_PROXY", "SSL_CERT_FILE"}},
		{"copilot-cli", "linux", []string{"TSHMCP_HOME", "PATH"}, vars{"TSHMCP_HOME": "/t", "HOME": "/home/ann"}, nil},
		{"copilot-cli", "windows", []string{"PATH"}, vars{"USERPROFILE": winHome, "SystemRoot": `C:\Windows`, "APPDATA": "a", "LOCALAPPDATA": "l"}, nil},
		{"goose", "linux", append(names, "TEMP"), nil, nil},
		{"crush", "linux", names, nil, nil},
	} {
		c, _ := Lookup(tt.client)
		env := Env{GOOS: tt.goos, Getenv: func(name string) string { return set[name] }}
		frozen, live := c.Environ(env, tt.names...)
		if len(frozen) != len(tt.frozen) || !slices.Equal(live, tt.live) {
			t.Errorf("%s on %s: %v, %v", tt.client, tt.goos, frozen, live)
		}
		for name, value := range tt.frozen {
			if frozen[name] != value {
				t.Errorf("%s on %s: %s is %q", tt.client, tt.goos, name, frozen[name])
			}
		}
		// What comes out can be written.
		if _, err := c.Edit(nil, map[string]Entry{"a": {Command: "/bin/tshmcp", Env: frozen, EnvVars: live}}); err != nil {
			t.Errorf("%s: %v", tt.client, err)
		}
	}
}
