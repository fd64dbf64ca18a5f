// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: ls, status and help in the windows of a real terminal.

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// inWindow starts the program with everything on a terminal that is so wide.
func inWindow(t *testing.T, width uint16, environ []string, args ...string) *screen {
	t.Helper()
	cmd := tshmcp(t, environ, args...)
	return startSized(t, width, cmd)
}

func startSized(t *testing.T, width uint16, cmd *exec.Cmd) *screen {
	t.Helper()
	s := &screen{t: t, cmd: cmd, done: make(chan error, 1)}
	s.master, s.tty = openPTY(t)
	err := control(s.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width})
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = s.tty
	s.start(true)
	return s
}

// lines are what the terminal shows, without colours.
func (s *screen) lines() []string {
	text := strings.NewReplacer("\r", "", "\x1b[0m", "", string(plain.Green), "", string(plain.Yellow), "", string(plain.Red), "").Replace(s.text())
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// checkWidth looks for lines that are wider than the window. A word of a command that is
// quoted stays in one piece on its line, to be pasted.
func (s *screen) checkWidth(width int) {
	s.t.Helper()
	for _, line := range s.lines() {
		word := strings.TrimSuffix(strings.TrimSpace(line), ` \`)
		quoted := len(word) > 1 && word[0] == '\'' && strings.Index(word[1:], "'") == len(word)-2
		if plain.Width(line) > width && !quoted {
			s.t.Errorf("%d: %d cells: %q", width, plain.Width(line), line)
		}
	}
}

// terminalApps are thirty MCP servers, of which none fits into a small window.
func terminalApps() []testcluster.App {
	var apps []testcluster.App
	for i := range 30 {
		apps = append(apps, testcluster.App{
			Name: fmt.Sprintf("server-%02d", i), URI: "mcp+http://127.0.0.1:1/mcp",
			Description: []string{"Metrics, dashboards and alerts of the whole company", "本番環境のダッシュボードと警報の一覧表示", "👩‍👩‍👧‍👦 e\u0301 family"}[i%3],
			Labels:      map[string]string{"env": "production", "team": "observability"},
		})
	}
	return apps
}

// terminalStage is a person who is logged in to a cluster with these apps.
func terminalStage(t *testing.T, ttl time.Duration) (environ []string) {
	t.Helper()
	state := t.TempDir()
	cluster, err := startLoggedIn(t.Context(), state, terminalApps()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	if err := storeLoginFor(t.Context(), cluster, state, "alice", ttl); err != nil {
		t.Fatal(err)
	}
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + state, "TERM=xterm-256color"}
}

// TestListInWindow: nothing is wider than the window, every server is there by its
// whole name, and the total with the cluster is at the end.
func TestListInWindow(t *testing.T) {
	t.Parallel()
	environ := terminalStage(t, 2*time.Hour)
	for _, width := range []int{40, 80, 200} {
		s := inWindow(t, uint16(width), environ, "ls")
		if code := s.end(); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, s.text())
		}
		s.expect("30 MCP servers in demo-cluster")
		s.checkWidth(width)
		for i := range 30 {
			s.expect(fmt.Sprintf("\nserver-%02d  ", i))
		}
		if cut := strings.Contains(s.text(), "…"); cut != (width < 200) {
			t.Errorf("%d: cut %t", width, cut)
		}
		t.Logf("ls, %d columns:\n%s", width, s.text())
	}
	s := inWindow(t, 80, environ, "ls", "--search=metrics")
	s.expect("10 of 30 MCP servers in demo-cluster")
	s.end()
}

// TestHelpInWindow: the help of every command fits.
func TestHelpInWindow(t *testing.T) {
	t.Parallel()
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TERM=xterm"}
	for _, width := range []int{40, 80} {
		for _, command := range []string{"", "login", "logout", "status", "use", "ls", "config", "connect", "tools", "request", "doctor", "demo", "demo serve", "version", "completion"} {
			s := inWindow(t, uint16(width), environ, append(strings.Fields(command), "--help")...)
			if code := s.end(); code != 0 {
				t.Errorf("%s: exit code %d", command, code)
			}
			s.expect("Usage:")
			s.expect("--help")
			s.checkWidth(width)
		}
	}
}

// TestStatusInWindow: the state is in colour where the terminal has it, and in a
// word always.
func TestStatusInWindow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ttl    time.Duration
		state  string
		colour plain.Colour
	}{{2 * time.Hour, "ok", plain.Green}, {5 * time.Minute, "expiring", plain.Yellow}, {-time.Minute, "expired", plain.Red}} {
		environ := terminalStage(t, test.ttl)
		for _, width := range []int{40, 80} {
			s := inWindow(t, uint16(width), environ, "status")
			s.end()
			s.expect(string(test.colour) + test.state + "\x1b[0m")
			s.expect("To renew the login to demo-cluster")
			if test.state != "expired" { // whose error names the command on a line of its own
				s.checkWidth(width)
			}
		}
		for _, no := range []string{"NO_COLOR=1", "TERM=dumb"} {
			s := inWindow(t, 80, append(environ, no), "status")
			s.end()
			s.expect("To renew the login to demo-cluster")
			if strings.Contains(s.text(), "\x1b[") || !strings.Contains(s.text(), test.state) {
				t.Errorf("%s: %q", no, s.text())
			}
		}
	}
}

// TestSignInIsOffered: who is not signed in any more is asked on the terminal, and
// what was wanted follows. In a pipe nobody is.
func TestSignInIsOffered(t *testing.T) {
	t.Parallel()
	environ := append(terminalStage(t, -time.Minute), "BROWSER=none")
	for _, args := range [][]string{{"ls"}, {"config"}, {"config", "server-01", "--print"}} {
		s := inWindow(t, 100, environ, args...)
		s.expect("expired at ")
		s.expect("Sign in now? [Y/n] ")
		s.enter("n\n")
		if code := s.end(); code != 4 {
			t.Errorf("%v: exit code %d:\n%s", args, code, s.text())
		}
		s.expect("tshmcp: hint: run: tshmcp login --proxy=127.0.0.1:")
	}
	s := startOnScreen(t, true, tshmcp(t, environ, "ls")) // stdout is no terminal
	if code := s.end(); code != 4 || strings.Contains(s.text(), "Sign in now?") {
		t.Errorf("in a pipe: exit code %d:\n%s", code, s.text())
	}
	s = inWindow(t, 80, append(environ, "CI=true"), "ls")
	if code := s.end(); code != 4 || strings.Contains(s.text(), "Sign in now?") {
		t.Errorf("in CI: exit code %d:\n%s", code, s.text())
	}
}

// TestSignInThenList is a person who has just installed it.
func TestSignInThenList(t *testing.T) {
	cluster, ca := startNotesCluster(t)
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + t.TempDir(), "TERM=xterm", "BROWSER=none", "TSHMCP_STORE=file"}
	s := inWindow(t, 80, environ, "ls", "--ca-file="+ca)
	s.expect("Web address of your Teleport proxy")
	s.enter(cluster.Addr() + "\n")
	s.expect("Waiting for you to sign in.")
	completeLogin(t, loginLink.Regexp().FindString(s.text()), "alice", rootPool(cluster.WebCA()))
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	s.expect("Logged in to demo-cluster as alice")
	s.expect("\nnotes  ")
}
