// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a person can do in the pickers of config on a real terminal:
// filter, take out, scroll, change the window, stop and go on.

package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// resize gives the terminal a size, of which the kernel tells the program.
func (s *screen) resize(columns, rows uint16) {
	s.t.Helper()
	err := control(s.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestPickFilter marks a few of 300 servers, all that are seen at a time, in a
// window that changes.
func TestPickFilter(t *testing.T) {
	t.Parallel()
	apps := []testcluster.App{{Name: "grafana-prod", URI: "mcp+http://127.0.0.1:1/mcp", Description: "図表 " + strings.Repeat("wide ", 40)}}
	for i := range 299 {
		apps = append(apps, testcluster.App{Name: fmt.Sprintf("server-%03d", i), URI: "mcp+http://127.0.0.1:1/mcp"})
	}
	p := newPickStage(t, apps, pickFiles)
	s := p.start(t, nil, "--client-config=cursor")
	s.expect(askServers)
	s.resize(40, 10)
	s.expect("of 300 · PgUp/PgDn")
	s.expect("Enter continue · Esc cancel")
	at := len(s.text())
	s.enter("server-29")
	s.expectAfter(&at, "9 of 300")
	s.enter("\r")
	s.expectAfter(&at, "a all shown")
	s.enter("a")
	s.expectAfter(&at, "[x]")
	s.enter("/graf")
	s.expectAfter(&at, "of 300 shown")
	s.enter(" ")
	s.expectAfter(&at, "[x]")
	s.enter("\r")
	s.expectAfter(&at, "lines 1-6 of ") // the diff is longer than the window
	s.enter("\x1b[F")
	s.expectAfter(&at, "+  }") // its last lines
	s.enter("y")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	text := p.files(t)[".cursor/mcp.json"]
	if n := strings.Count(text, `"teleport-mcp-`); n != 10 || !strings.Contains(text, "teleport-mcp-grafana-prod") {
		t.Errorf("%d entries:\n%s", n, text)
	}
}

// TestPickRemoves: what is set up is shown and goes when its mark is taken away,
// and what else there is stays.
func TestPickRemoves(t *testing.T) {
	t.Parallel()
	p := newPickStage(t, pickApps, pickFiles)
	for _, name := range []string{"metrics", "wiki"} {
		cmd := tshmcp(t, []string{"HOME=" + p.home, "TSHMCP_HOME=" + p.state}, "config", name, "--client-config=cursor,gemini-cli")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v:\n%s", err, out)
		}
	}
	s := p.start(t, nil, "--client-config=cursor")
	s.expect("[x] metrics  \x1b[32mset up")
	s.enter(" ")
	s.expect("\x1b[31mwill be removed")
	s.enter("\r")
	s.expect("1 entry removed. Write this file?") // 0 added
	s.enter("y")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	s.expect("Removed teleport-mcp-metrics from " + p.home + "/.cursor/mcp.json.")
	s.expect("tshmcp config --remove metrics --client-config=cursor --proxy=")
	got := p.files(t)
	if text := got[".cursor/mcp.json"]; strings.Contains(text, "metrics") || !strings.Contains(text, "teleport-mcp-wiki") {
		t.Errorf("Cursor has\n%s", text)
	}

	// The clients, where they are asked for: one has it, and one does not.
	s = p.start(t, nil)
	s.expect("set up in Gemini CLI")
	s.enter(" \r")
	s.expect("[x] Gemini CLI")
	s.enter(" \x1b[B \r") // Cursor gets it, Gemini CLI loses it
	s.expect("1 entry added, 1 entry removed. Write these 2 files?")
	s.enter("y")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	got = p.files(t)
	if !strings.Contains(got[".cursor/mcp.json"], "metrics") || strings.Contains(got[".gemini/settings.json"], "metrics") || !strings.Contains(got[".gemini/settings.json"], "wiki") {
		t.Errorf("%v", got)
	}
}

// TestPickStopped stops the picker as its shell's job, lets it go on in the background,
// where it waits, and brings it back. Where no shell watches, there is nothing to stop
// for.
func TestPickStopped(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here:", err)
	}
	p := newPickStage(t, pickApps, pickFiles)
	s := p.start(t, nil)
	s.expect(askServers)
	s.enter("\x1a\x1b")
	if code := s.end(); code != exitInterrupted {
		t.Errorf("without a shell: exit code %d:\n%s", code, s.text())
	}

	inner := tshmcp(t, []string{"HOME=" + p.home, "TSHMCP_HOME=" + p.state, "TERM=xterm"}, "config")
	cmd := exec.CommandContext(t.Context(), sh, "-c", `set -m; "$0" config; echo "stopped $?" >&2; read -r _; bg; echo behind >&2; read -r _; fg >/dev/null; echo "ended $?" >&2`, inner.Path)
	cmd.Env = inner.Env
	p.stdout.Reset()
	master, tty := openPTY(t)
	before := (&screen{t: t, tty: tty}).mode()
	tty.Close()
	master.Close()
	s = startOnScreen(t, true, cmd)
	s.expect(askServers)
	at := len(s.text())
	s.enter("\x1a")
	s.expectAfter(&at, "\x1b[?2004l\x1b[?25hstopped 1") // below the list
	if s.mode() != before {
		t.Errorf("the terminal was not put back: %+v", s.mode())
	}
	s.enter("\n")
	s.expectAfter(&at, "behind")
	if s.mode() != before {
		t.Errorf("in the background it changes the terminal: %+v", s.mode())
	}
	s.enter("\n")
	s.expectAfter(&at, "\x1b[?25l\x1b[?2004h")
	s.expectAfter(&at, askServers)
	s.enter("\x1b[B")
	s.expectAfter(&at, "> [ ] wiki")
	s.enter("\x03")
	s.expectAfter(&at, fmt.Sprintf("ended %d", exitInterrupted))
	s.end()
	if s.mode() != before {
		t.Error("the terminal was not put back")
	}

	// Where that does not stop it, it goes on.
	cmd = exec.CommandContext(t.Context(), sh, "-c", `trap "" TSTP; "$0" config; echo "ended $?" >&2`, inner.Path)
	cmd = exec.CommandContext(t.Context(), sh, append([]string{"-c", `"$@"; :`, sh}, cmd.Args...)...)
	cmd.Env = inner.Env
	s = startOnScreen(t, true, cmd)
	s.expect(askServers)
	at = len(s.text())
	s.enter("\x1a")
	s.expectAfter(&at, "\x1b[?2004l\x1b[?25h")
	s.expectAfter(&at, askServers)
	s.enter("\x03")
	s.expectAfter(&at, fmt.Sprintf("ended %d", exitInterrupted))
	s.end()
}
