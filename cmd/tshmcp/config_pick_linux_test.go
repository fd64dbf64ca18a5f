// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: config on a terminal asks for servers and clients (internal/configure).

package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// pickStage is a machine on which somebody runs tshmcp config on a terminal.
type pickStage struct {
	home   string
	state  string
	stdout bytes.Buffer // of the last run; the terminal shows stderr
}

func newPickStage(t *testing.T, apps []testcluster.App, files map[string]string) *pickStage {
	t.Helper()
	p := &pickStage{home: t.TempDir(), state: t.TempDir()}
	cluster, err := startLoggedIn(t.Context(), p.state, apps...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	for name, text := range files {
		path := filepath.Join(p.home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

var pickApps = []testcluster.App{
	{Name: "metrics", URI: "mcp+http://127.0.0.1:1/mcp", Description: "Numbers \x1b[2Jof all kinds"},
	{Name: "wiki", URI: "mcp+http://127.0.0.1:1/mcp", Description: "What we know"},
}

// pickFiles make Cursor and Gemini CLI two clients that are installed.
var pickFiles = map[string]string{
	".cursor/mcp.json":      "{\n  \"mcpServers\": {}\n}\n",
	".gemini/settings.json": "{\n  // mine\n  \"mcpServers\": {}\n}\n",
}

func (p *pickStage) start(t *testing.T, environ []string, args ...string) *screen {
	t.Helper()
	environ = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.home, "TSHMCP_HOME=" + p.state, "TERM=xterm-256color"}, environ...)
	cmd := tshmcp(t, environ, append([]string{"config"}, args...)...)
	p.stdout.Reset()
	cmd.Stdout = &p.stdout
	return startOnScreen(t, true, cmd)
}

// files are the files of the home directory with their texts.
func (p *pickStage) files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(p.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, p.home+"/")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (p *pickStage) checkUntouched(t *testing.T) {
	t.Helper()
	got := p.files(t)
	for name, text := range pickFiles {
		if got[name] != text {
			t.Errorf("%s was touched:\n%s", name, got[name])
		}
	}
	if len(got) != len(pickFiles) {
		t.Errorf("files: %v", got)
	}
}

const (
	askServers = "MCP servers of demo-cluster"
	askClients = "MCP clients on this machine"
	askWrite   = "Write this file? Press y to go ahead"
)

func TestPick(t *testing.T) {
	t.Parallel()
	p := newPickStage(t, pickApps, pickFiles)
	s := p.start(t, nil, "--header=X-Team:blue sky")
	s.expect(askServers)
	s.expect("Numbers  [2Jof all kinds")
	s.enter("\r")
	s.expect("Select at least one")
	s.enter("\x1b[B \r") // down
	s.expect(askClients)
	s.expect("/.gemini/settings.json")
	s.enter("a \r") // all, and not the first
	s.expect(askWrite)
	s.expect("\x1b[32m+    \"teleport-mcp-wiki\": {")
	s.enter("y")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	s.expect("Wrote teleport-mcp-wiki to " + p.home + "/.gemini/settings.json.")
	s.expect("tshmcp config wiki --client-config=gemini-cli '--header=X-Team:blue sky'")
	if !s.echoes() {
		t.Error("the terminal was not put back")
	}
	got := p.files(t)
	if got[".cursor/mcp.json"] != pickFiles[".cursor/mcp.json"] {
		t.Errorf("the client that was not chosen has\n%s", got[".cursor/mcp.json"])
	}
	written := got[".gemini/settings.json"]
	if !strings.Contains(written, `"teleport-mcp-wiki"`) || !strings.Contains(written, "// mine") || strings.Contains(written, "metrics") {
		t.Errorf("the client that was chosen has\n%s", written)
	}

	// The command that was shown does the same.
	cmd := tshmcp(t, []string{"HOME=" + p.home, "TSHMCP_HOME=" + p.state}, "config", "wiki", "--client-config=gemini-cli", "--header=X-Team:blue sky")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "is up to date") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// TestPickLeave leaves at each step: no file is written, and the terminal is as
// it was.
func TestPickLeave(t *testing.T) {
	t.Parallel()
	p := newPickStage(t, pickApps, pickFiles)
	steps := []struct{ shown, typed string }{{askServers, "a\r"}, {askClients, " \r"}, {askWrite, ""}}
	for _, leave := range []string{"\x1b", "\x03", "q"} {
		for i, last := range steps {
			s := p.start(t, nil)
			for _, step := range steps[:i] {
				s.expect(step.shown)
				s.enter(step.typed)
			}
			s.expect(last.shown)
			s.enter("\r" + leave) // Enter alone is no answer anywhere
			if code := s.end(); code != exitInterrupted {
				t.Errorf("%q at %q: exit code %d, want %d", leave, last.shown, code, exitInterrupted)
			}
			s.expect("Cancelled. Nothing was written.")
			if !s.echoes() {
				t.Errorf("%q at %q: the terminal was not put back", leave, last.shown)
			}
			p.checkUntouched(t)
		}
	}
	s := p.start(t, nil)
	s.expect(askServers)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.end(); code != exitInterrupted || !s.echoes() {
		t.Errorf("after a signal: exit code %d, echo %t", code, s.echoes())
	}
	p.checkUntouched(t)
}

// TestPickByNumber is a terminal that can only show lines, and a screen reader.
func TestPickByNumber(t *testing.T) {
	t.Parallel()
	p := newPickStage(t, pickApps, pickFiles)
	const ask = "(Enter alone cancels): "
	for _, test := range []struct {
		name    string
		environ []string
		leave   string
	}{
		{"dumb", []string{"TERM=dumb"}, "n\n"},
		{"screen reader", []string{"ACCESSIBLE=1"}, "\x04"},
		{"no name", []string{"TERM="}, "\x03"},
	} {
		s := p.start(t, test.environ)
		s.expect("  2. wiki (What we know)")
		s.expect(ask)
		s.enter("3\n")
		s.expect("That is not a list of numbers from 1 to 2.")
		s.enter("2, 1\n")
		s.expect("  1. Cursor (")
		s.enter("all\n")
		s.expect("Write these 2 files? (y/n) ")
		if strings.Contains(s.text(), "\x1b[?") {
			t.Errorf("%s: the terminal was told to do something:\n%q", test.name, s.text())
		}
		s.enter(test.leave)
		if code := s.end(); code != exitInterrupted {
			t.Errorf("%s: exit code %d, want %d", test.name, code, exitInterrupted)
		}
		p.checkUntouched(t)
	}
	s := p.start(t, []string{"TERM=dumb"})
	s.expect(ask)
	s.enter("2\n")
	s.expect(askClients)
	s.enter("1\n")
	s.expect("(y/n) ")
	s.enter("Yes\n")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	if strings.Contains(s.text(), "\x1b[") {
		t.Errorf("a dumb terminal got codes:\n%q", s.text())
	}
	if text := p.files(t)[".cursor/mcp.json"]; !strings.Contains(text, `"teleport-mcp-wiki"`) {
		t.Errorf("Cursor has\n%s", text)
	}
}

func TestPickNothingThere(t *testing.T) {
	p := newPickStage(t, nil, pickFiles)
	s := p.start(t, nil)
	if code := s.end(); code != exitError {
		t.Errorf("exit code %d, want %d", code, exitError)
	}
	s.expect("tshmcp: error: demo-cluster has no MCP server that alice may use")
	p.checkUntouched(t)

	// One server is marked already; without a client its entry is for pasting.
	p = newPickStage(t, pickApps[1:], nil)
	s = p.start(t, nil)
	s.expect(askServers)
	s.enter("\r")
	if code := s.end(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, s.text())
	}
	s.expect("no MCP client was found on this machine")
	if !strings.Contains(p.stdout.String(), `"teleport-mcp-wiki"`) {
		t.Errorf("printed:\n%s", p.stdout.String())
	}
	if all := p.files(t); len(all) > 0 {
		t.Errorf("files: %v", all)
	}
}

// TestPickBroken has a client among the chosen whose file is not understood.
func TestPickBroken(t *testing.T) {
	files := map[string]string{".cursor/mcp.json": "{]", ".gemini/settings.json": "{}"}
	p := newPickStage(t, pickApps[1:], files)
	s := p.start(t, nil)
	s.expect(askServers)
	s.enter("\r")
	s.expect(askClients)
	s.enter("a\r")
	s.expect("left out: " + p.home + "/.cursor/mcp.json: line 1, column ")
	s.expect(askWrite)
	s.enter("y")
	if code := s.end(); code != exitError {
		t.Errorf("exit code %d, want %d", code, exitError)
	}
	s.expect("tshmcp: error: " + p.home + "/.cursor/mcp.json: line 1, column ")
	got := p.files(t)
	if got[".cursor/mcp.json"] != "{]" || !strings.Contains(got[".gemini/settings.json"], "teleport-mcp-wiki") {
		t.Errorf("files: %v", got)
	}
}

// TestPickFlags goes with flags: the file of this project, a client that is
// named, a look without writing.
func TestPickFlags(t *testing.T) {
	t.Parallel()
	p := newPickStage(t, pickApps[1:], pickFiles)
	s := p.start(t, nil, "--client-config=cursor,gemini-cli", "--dry-run")
	s.expect(askServers)
	s.enter("\r")
	if code := s.end(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, s.text())
	}
	if n := strings.Count(p.stdout.String(), "teleport-mcp-wiki"); n != 2 {
		t.Errorf("%d entries in\n%s", n, p.stdout.String())
	}
	p.checkUntouched(t)

	for _, environ := range []string{"CI=true", "CI=1"} {
		s = p.start(t, []string{environ})
		if code := s.end(); code != usage.ExitCode {
			t.Errorf("%s: exit code %d, want %d", environ, code, usage.ExitCode)
		}
	}
	s = p.start(t, []string{"CI=false", "NO_COLOR=1"})
	s.expect(askServers)
	s.enter("\x1b")
	s.end()
	if strings.Contains(s.text(), "\x1b[1m") || strings.Contains(s.text(), "\x1b[2m") {
		t.Errorf("NO_COLOR, and still colours:\n%q", s.text())
	}
}
