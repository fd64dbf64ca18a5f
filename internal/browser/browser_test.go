// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import (
	"errors"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const link = "http://127.0.0.1:4711/ABC"

// machine is a System with some programs and variables; what it runs is kept.
type machine struct {
	goos     string
	env      map[string]string
	programs []string // a name in PATH stands for /bin/NAME
	kernel   string
	fails    []string // programs that end with an error
	ran      [][]string
}

func (m *machine) system() System {
	return System{
		GOOS:   m.goos,
		Getenv: func(name string) string { return m.env[name] },
		LookPath: func(name string) (string, error) {
			for _, p := range m.programs {
				if p == name || filepath.Base(p) == name {
					if !strings.Contains(p, "/") {
						return "/bin/" + p, nil
					}
					return p, nil
				}
			}
			return "", exec.ErrNotFound
		},
		Kernel: func() string { return m.kernel },
		Run: func(argv []string) error {
			m.ran = append(m.ran, argv)
			if slices.Contains(m.fails, filepath.Base(argv[0])) {
				return errors.New("exit status 3")
			}
			return nil
		},
		Default: func(url string) error {
			m.ran = append(m.ran, []string{"by default", url})
			if slices.Contains(m.fails, "by default") {
				return errors.New("exit status 3")
			}
			return nil
		},
	}
}

func TestOpen(t *testing.T) {
	desktop := []string{"xdg-open", "x-www-browser", "firefox", "lynx"}
	vscode := []string{"/home/a/.vscode-server/bin/1/bin/remote-cli/code", "/home/a/.vscode-server/bin/1/bin/helpers/browser.sh"}
	helper := []string{"/home/a/.vscode-server/bin/1/bin/helpers/browser.sh", link}
	display := map[string]string{"DISPLAY": ":0"}
	with := func(variables ...string) map[string]string {
		env := map[string]string{}
		for i := 0; i < len(variables); i += 2 {
			env[variables[i]] = variables[i+1]
		}
		return env
	}
	for _, tc := range []struct {
		name string
		machine
		want [][]string // what runs
		err  string
	}{
		{"desktop", machine{env: display, programs: desktop}, [][]string{{"by default", link}}, ""},
		{"Wayland", machine{env: with("WAYLAND_DISPLAY", "wayland-0"), programs: desktop}, [][]string{{"by default", link}}, ""},
		{"desktop's launcher fails", machine{env: display, programs: desktop, fails: []string{"by default"}},
			[][]string{{"by default", link}}, "the system's launcher: exit status 3"},
		{"no launcher", machine{env: display}, nil, "there is no program to open one (xdg-open, x-www-browser, www-browser)"},
		{"no display", machine{programs: desktop}, nil, "there is no display"},
		{"SSH", machine{env: with("DISPLAY", ":0", "SSH_CONNECTION", "x"), programs: desktop}, nil, "this is an SSH session"},
		{"SSH terminal", machine{env: with("DISPLAY", ":0", "SSH_TTY", "x"), programs: desktop}, nil, "this is an SSH session"},
		{"FreeBSD", machine{goos: "freebsd", env: display, programs: desktop}, [][]string{{"by default", link}}, ""},

		{"BROWSER", machine{env: with("DISPLAY", ":0", "BROWSER", "firefox"), programs: desktop}, [][]string{{"/bin/firefox", link}}, ""},
		{"BROWSER without a display", machine{env: with("BROWSER", "lynx"), programs: desktop}, [][]string{{"/bin/lynx", link}}, ""},
		{"BROWSER over SSH", machine{env: with("SSH_TTY", "x", "BROWSER", "firefox"), programs: desktop}, [][]string{{"/bin/firefox", link}}, ""},
		{"BROWSER with arguments", machine{env: with("BROWSER", "firefox --new-window -P 'my work'"), programs: desktop},
			[][]string{{"/bin/firefox", "--new-window", "-P", "my work", link}}, ""},
		{"BROWSER with a place", machine{env: with("BROWSER", `firefox --app="%s" --x=%s,%s -f`), programs: desktop},
			[][]string{{"/bin/firefox", "--app=" + link, "--x=" + link + "," + link, "-f"}}, ""},
		{"BROWSER in the background", machine{env: with("BROWSER", "firefox %s &"), programs: desktop}, [][]string{{"/bin/firefox", link}}, ""},
		{"BROWSER lists several", machine{env: with("BROWSER", "gone %s:firefox:lynx"), programs: desktop, fails: []string{"firefox"}},
			[][]string{{"/bin/firefox", link}, {"/bin/lynx", link}}, ""},
		{"BROWSER fails, which is not mended by another", machine{env: with("DISPLAY", ":0", "BROWSER", "firefox"), programs: desktop, fails: []string{"firefox"}},
			[][]string{{"/bin/firefox", link}}, "firefox: exit status 3"},
		{"BROWSER with a path of several words", machine{env: with("BROWSER", "/opt/My Browser/run"), programs: []string{"/opt/My Browser/run"}},
			[][]string{{"/opt/My Browser/run", link}}, ""},
		{"BROWSER is none", machine{env: with("DISPLAY", ":0", "BROWSER", "none"), programs: desktop}, nil, "BROWSER is none"},
		{"BROWSER is empty", machine{env: with("DISPLAY", ":0", "BROWSER", " : "), programs: desktop}, [][]string{{"by default", link}}, ""},
		{"BROWSER is gone", machine{env: with("DISPLAY", ":0", "BROWSER", "/old/helpers/browser.sh"), programs: desktop}, [][]string{{"by default", link}}, ""},
		{"BROWSER is gone, and nothing else", machine{env: with("BROWSER", "/old/helpers/browser.sh"), programs: desktop}, nil,
			"the program that BROWSER names was not found, and there is no display"},

		{"dev container, VS Code's terminal", machine{env: with("BROWSER", vscode[1]), programs: vscode}, [][]string{helper}, ""},
		{"VS Code's remote extensions", machine{env: with("VSCODE_IPC_HOOK_CLI", "/tmp/s", "SSH_CONNECTION", "x"), programs: vscode}, [][]string{helper}, ""},
		{"VS Code's, where BROWSER is of an older one", machine{env: with("VSCODE_IPC_HOOK_CLI", "/tmp/s", "BROWSER", "/old/browser.sh"), programs: vscode}, [][]string{helper}, ""},
		{"a local VS Code", machine{env: with("VSCODE_IPC_HOOK_CLI", "/tmp/s"), programs: []string{"code"}}, nil, "there is no display"},

		{"WSL", machine{env: with("WSL_DISTRO_NAME", "Debian"), programs: []string{"wslview"}}, [][]string{{"/bin/wslview", link}}, ""},
		{"WSL with few variables", machine{kernel: "5.15.90.1-microsoft-standard-WSL2", programs: []string{"wslview"}}, [][]string{{"/bin/wslview", link}}, ""},
		{"WSL without wslview", machine{env: with("WSL_INTEROP", "/run/s", "DISPLAY", ":0"), programs: append([]string{"/mnt/c/Windows/System32/rundll32.exe"}, desktop...)},
			[][]string{{"/mnt/c/Windows/System32/rundll32.exe", "url.dll,FileProtocolHandler", link}}, ""},
		{"a container in WSL", machine{kernel: "5.15.90.1-microsoft-standard-WSL2"}, nil, "there is no display"},
		{"WSL over SSH", machine{env: with("WSL_DISTRO_NAME", "Debian", "SSH_TTY", "x"), programs: []string{"wslview"}}, nil, "this is an SSH session"},

		{"macOS", machine{goos: "darwin", programs: []string{"open"}}, [][]string{{"by default", link}}, ""},
		{"macOS with BROWSER", machine{goos: "darwin", env: with("BROWSER", `open -a "Google Chrome"`), programs: []string{"open"}},
			[][]string{{"/bin/open", "-a", "Google Chrome", link}}, ""},
		{"Windows", machine{goos: "windows"}, [][]string{{"by default", link}}, ""},
		{"Windows with BROWSER", machine{goos: "windows", env: with("BROWSER", `"C:\my\firefox.exe" -x;other`), programs: []string{`C:\my\firefox.exe`}},
			[][]string{{`/bin/C:\my\firefox.exe`, "-x", link}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.goos == "" {
				tc.goos = "linux"
			}
			err := tc.system().Open(link)
			if text := errorText(err); text != tc.err {
				t.Errorf("error %q, want %q", text, tc.err)
			}
			if !reflect.DeepEqual(tc.ran, tc.want) {
				t.Errorf("runs %q, want %q", tc.ran, tc.want)
			}
			if closed := tc.system().Closed(); closed != "" && (closed != tc.err || len(tc.want) > 0) || closed == "" && len(tc.want) == 0 {
				t.Errorf("closed: %q", closed)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestFields(t *testing.T) {
	for line, want := range map[string][]string{
		"":                nil,
		"  a  b\tc ":      {"a", "b", "c"},
		`a "b c" 'd "e'`:  {"a", "b c", `d "e`},
		`a\ b c\"d 'e\f'`: {"a b", `c"d`, `e\f`},
		`a "" ''b`:        {"a", "", "b"},
		`a "unfinished b`: {"a", "unfinished b"},
		`--x="%s"y`:       {"--x=%sy"},
		"a\\":             {"a"},
	} {
		if got := fields(line, false); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	if got := fields(`C:\a\b.exe -x`, true); !slices.Equal(got, []string{`C:\a\b.exe`, "-x"}) {
		t.Errorf("on Windows: %q", got)
	}
}
