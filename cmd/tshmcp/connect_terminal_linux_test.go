// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect on a real terminal.

package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// TestEndOfInputOnATerminal: Ctrl-D ends connect when it is pressed once, and once
// more behind a line that is not finished, which is how terminals are.
func TestEndOfInputOnATerminal(t *testing.T) {
	for name, keys := range map[string]string{
		"nothing before": "\x04", "a line before": "{}\n\x04", "half a line before": "{}\x04\x04",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startAtTerminal(t, true, "connect", "notes", "--proxy=127.0.0.1:1", "--login=never")
			if _, err := io.WriteString(s.master, keys); err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-s.done:
				s.drain()
				if err != nil {
					t.Errorf("%v\n%s", err, s.text())
				}
				if !strings.Contains(s.text(), "this is the bridge to the MCP server notes") || !strings.Contains(s.text(), "Ctrl-D or Ctrl-C ends it") {
					t.Errorf("it does not say what it is:\n%s", s.text())
				}
			case <-time.After(20 * time.Second):
				_ = s.cmd.Process.Kill()
				<-s.done
				t.Errorf("it does not end:\n%s", s.text())
			}
		})
	}
}

// TestNoticesInWindow: what connect says fits the window by words, whatever its width
// is at the time; a command or a link stays in one piece. The cluster is in the
// environment: a command that names it would not fit 40 columns.
func TestNoticesInWindow(t *testing.T) {
	for _, width := range []int{40, 80} {
		environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + t.TempDir(), "TSHMCP_PROXY=127.0.0.1:1"}
		s := inWindow(t, uint16(width), environ, "connect", "notes", "--login=never")
		s.expect("tshmcp: this is the bridge to the MCP")
		s.expect("login --proxy=127.0.0.1:1") // of the error
		s.enter("\x04")
		if code := s.end(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		s.checkWidth(width)
		if !strings.Contains(s.text(), "tshmcp tools notes") || !strings.Contains(s.text(), "\r\n    ") {
			t.Errorf("%d:\n%s", width, s.text())
		}
		t.Logf("connect, %d columns:\n%s", width, s.text())
	}
}
