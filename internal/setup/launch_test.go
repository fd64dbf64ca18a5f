// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// on is a machine of a system with an environment.
func on(goos string, environ map[string]string) *Machine {
	m := testMachine("/home/ann")
	m.GOOS, m.Getenv = goos, func(name string) string { return environ[name] }
	return m
}

// TestPassingPrograms: no entry is written for a program that will not be where it
// is for long.
func TestPassingPrograms(t *testing.T) {
	for command, passes := range map[string]bool{
		"/usr/local/bin/tshmcp":                                          false,
		"/home/ann/go/bin/tshmcp":                                        false,
		"/home/ann/go-build/tshmcp":                                      false,
		"/tmp/go-build1234/b001/exe/tshmcp":                              true,
		`C:\Users\ann\AppData\Local\Temp\go-build99\b001\exe\tshmcp.exe`: true,
		"/home/ann/.cache/go-build12/b001/exe/tshmcp":                    true,
		"/tmp/.mount_tshmcpAbCdEf/usr/bin/tshmcp":                        true,
		"/private/var/folders/x/T/AppTranslocation/1-2/d/tshmcp":         true,
		"/Volumes/tshmcp 1.0/tshmcp":                                     true,
		"/usr/bin/tshmcp (deleted)":                                      true,
		"/proc/self/fd/7":                                                true,
		"/home/ann/.npm/_npx/0a/node_modules/.bin/tshmcp":                true,
	} {
		p := &Planner{Machine: on("linux", nil), Options: clientcfg.Options{Self: command}}
		_, err := launchFor(p, Target{File: "/home/ann/x.json"})
		var passing *PassingError
		if errors.As(err, &passing) != passes || err == nil == passes {
			t.Errorf("%s: %v", command, err)
		}
	}
}

// TestTemporaryFolders: one in a folder for temporary files is said, unless all
// of it is a trial.
func TestTemporaryFolders(t *testing.T) {
	for _, tt := range []struct {
		goos, path string
		environ    map[string]string
		temp       bool
	}{
		{"linux", "/tmp/tshmcp", nil, true},
		{"linux", "/tmpfiles/tshmcp", nil, false},
		{"linux", "/scratch/a/tshmcp", map[string]string{"TMPDIR": "/scratch/"}, true},
		{"darwin", "/private/var/folders/ab/T/tshmcp", nil, true},
		{"windows", `C:\Users\Ann\AppData\Local\Temp\tshmcp.exe`, map[string]string{"TEMP": `c:\users\ann\appdata\local\temp`}, true},
		{"windows", `C:\Tools\tshmcp.exe`, map[string]string{"TEMP": `C:\Temp`}, false},
	} {
		if got := on(tt.goos, tt.environ).inTemp(tt.path); got != tt.temp {
			t.Errorf("%s %s: %t", tt.goos, tt.path, got)
		}
	}
	p := &Planner{Machine: on("linux", nil), Options: clientcfg.Options{Self: "/tmp/tshmcp"}}
	said := func() bool {
		return slices.ContainsFunc(p.Notes(Plan{Printed: true}, nil), func(s string) bool { return strings.Contains(s, "in a folder for temporary files") })
	}
	if !said() {
		t.Error("not said")
	}
	if p.Cluster.StateDir = "/tmp/state"; said() {
		t.Error("said of a trial")
	}
}

func TestAppImage(t *testing.T) {
	image := filepath.Join(t.TempDir(), "tshmcp.AppImage")
	if err := os.WriteFile(image, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	m := on("linux", map[string]string{"APPIMAGE": image, "APPDIR": "/tmp/.mount_x"})
	for exe, want := range map[string]string{"/tmp/.mount_x/usr/bin/tshmcp": image, "/usr/bin/tshmcp": "/usr/bin/tshmcp"} {
		m.Executable = func() (string, error) { return exe, nil }
		if got, err := m.Command(); err != nil || got != want {
			t.Errorf("%s: %s, %v", exe, got, err)
		}
	}
}

// TestWSL: a client on Windows starts the program in its Linux through wsl.exe,
// and one in Linux does not.
func TestWSL(t *testing.T) {
	wsl := map[string]string{"WSL_DISTRO_NAME": "Ubuntu-24.04", "WSL_INTEROP": "/run/x", "HTTPS_PROXY": "http://proxy:3128"}
	const ours = "connect notes --proxy=a.example.com:443"
	windows := "wsl.exe -d Ubuntu-24.04 -- env HTTPS_PROXY=http://proxy:3128 TSHMCP_HOME=/home/ann/s /opt/tshmcp " + ours
	for _, tt := range []struct {
		name, goos, file string
		environ          map[string]string
		want             string
	}{
		{"a client on Windows", "linux", "/mnt/c/Users/ann/AppData/Roaming/Claude/claude_desktop_config.json", wsl, windows},
		{"another drive", "linux", "/mnt/d/x/.cursor-portable/a.json", wsl, windows},
		{"in Linux", "linux", "/home/ann/.claude.json", wsl, "/opt/tshmcp " + ours},
		{"a disk that is called so", "linux", "/mnt/c/x.json", map[string]string{"HTTPS_PROXY": "http://proxy:3128"}, "/opt/tshmcp " + ours},
		{"a disk in Linux", "linux", "/mnt/data/x.json", wsl, "/opt/tshmcp " + ours},
		{"Claude Code in Linux with its files there", "linux", "/mnt/c/claude/.claude.json",
			map[string]string{"WSL_DISTRO_NAME": "Ubuntu", "CLAUDE_CONFIG_DIR": "/mnt/c/claude"}, "/opt/tshmcp " + ours},
		{"a project on a drive of Windows", "linux", "/mnt/c/p/.vscode/mcp.json", wsl, "tshmcp " + ours},
		{"which Linux?", "linux", "/mnt/c/x.json", map[string]string{"WSL_INTEROP": "/run/x"}, "error: it is not clear which Linux this is"},
		{"a client in Linux, from Windows", "windows", `\\wsl.localhost\Ubuntu\home\ann\.claude.json`, nil, "error: a client in Linux reads this file"},
		{"the same by its old name", "windows", `\\wsl$\Ubuntu\home\ann\.claude.json`, nil, "error: a client in Linux reads this file"},
	} {
		m := on(tt.goos, tt.environ)
		client, err := clientcfg.ForPath(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		p := &Planner{Machine: m, Cluster: Cluster{Proxy: "a.example.com:443", StateDir: "/home/ann/s"}, Prefix: Prefix, Options: clientcfg.Options{Self: "/opt/tshmcp"}}
		target := Target{Client: client, File: tt.file}
		l, err := launchFor(p, target)
		got := ""
		if err == nil {
			e := p.entry(target, l, "notes")
			got = strings.Join(append([]string{e.Command}, e.Args...), " ")
			if err := l.checkWords(e); err != nil {
				t.Error(err)
			}
			if e.Started().Command != "/opt/tshmcp" && e.Command != "tshmcp" {
				t.Errorf("%s: it starts %q", tt.name, e.Started().Command)
			}
		} else {
			got = "error: " + err.Error()
		}
		if want, fails := strings.CutPrefix(tt.want, "error: "); got != tt.want && !(fails && strings.Contains(got, want)) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}

// TestWSLEntries: such an entry is known again, brought up to date, and removed.
func TestWSLEntries(t *testing.T) {
	c := clientcfg.Client{}
	e := clientcfg.Entry{Command: "wsl.exe", Args: strings.Fields("-d Ubuntu -- env A=b /usr/bin/tshmcp connect notes --proxy=a:443")}
	data, err := c.Edit([]byte(`{"mcpServers": {"other": {"command": "wsl.exe", "args": ["-d", "Ubuntu", "--", "npx"]}}}`), map[string]clientcfg.Entry{"x": e})
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.Entries(data)
	if err != nil || len(found) != 2 || found[0].Ours || !found[1].Ours {
		t.Errorf("%+v, %v", found, err)
	}
	var foreign *clientcfg.ForeignEntryError
	if _, err := c.Edit(data, map[string]clientcfg.Entry{"other": e}); !errors.As(err, &foreign) || foreign.Command != "npx" {
		t.Error(err)
	}
	if out, err := c.Remove(data, []string{"x"}); err != nil || strings.Contains(string(out), "tshmcp") {
		t.Errorf("%s, %v", out, err)
	}
	l := launch{command: "/opt/tshmcp", distro: "Ubuntu"}
	for _, odd := range []string{"$HOME", "a b", "`x`", "a;b", "", "a&b", "%A%|"} {
		if odd == "%A%|" || odd != "" {
			if l.checkWords(clientcfg.Entry{Args: []string{odd}}) == nil {
				t.Errorf("%q would get through two shells", odd)
			}
		}
	}
}

// TestDashedName: an app whose name looks like a flag is none.
func TestDashedName(t *testing.T) {
	p := &Planner{Machine: on("linux", nil), Cluster: Cluster{Proxy: "a:443"}, Options: clientcfg.Options{Self: "/opt/tshmcp"}}
	e := p.entry(Target{}, launch{command: "/opt/tshmcp"}, "-x")
	if want := []string{"connect", "--proxy=a:443", "--", "-x"}; !slices.Equal(e.Args, want) {
		t.Errorf("%q", e.Args)
	}
	if g, ok := goalOf(e); !ok || g.app != "-x" {
		t.Errorf("%+v", g)
	}
}

// TestCheck: what the start of an entry's command comes to, once for all files.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		said string
		err  error
		want string
	}{
		{"tshmcp v1.0.0\n", nil, ""},
		{"", nil, "it is another program, or prints nothing"},
		{"other 1.0", nil, "it is another program"},
		{"", errors.New("permission denied"), "permission denied"},
	} {
		starts := 0
		m := on("linux", nil)
		m.Run = func(_ context.Context, command string, args ...string) (string, error) {
			starts++
			if command != "/opt/tshmcp" || !slices.Equal(args, []string{"--version"}) {
				t.Errorf("%s %q", command, args)
			}
			return tt.said, tt.err
		}
		p := &Planner{Machine: m}
		for _, e := range []clientcfg.Entry{
			{Command: "/opt/tshmcp", Args: []string{"connect", "a"}},
			{Command: "wsl.exe", Args: []string{"-d", "U", "--", "/opt/tshmcp", "connect", "a"}},
		} {
			err := p.Check(t.Context(), Plan{Target: Target{File: "/x"}, Entries: map[string]clientcfg.Entry{"a": e}})
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%q, %v: %v", tt.said, tt.err, err)
			}
		}
		if starts != 1 {
			t.Errorf("%d starts", starts)
		}
	}
}
