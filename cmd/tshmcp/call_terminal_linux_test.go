// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: call on a real terminal: progress, and questions of the server.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// callAtTerminal starts a call of a tool of the tool server with a terminal, and
// with stdin that is none.
func callAtTerminal(t *testing.T, args ...string) *screen {
	t.Helper()
	web, addr := startToolServer()
	t.Cleanup(web.Close)
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps: []testcluster.App{{Name: "peer", URI: "mcp+http://" + addr + "/new"}, {Name: "web", URI: "http://" + addr + "/"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	state := t.TempDir()
	if err := storeLoginAt(t.Context(), cluster, cluster.Addr(), state, "alice", time.Hour); err != nil {
		t.Fatal(err)
	}
	cmd := tshmcp(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + state}, append([]string{"call"}, args...)...)
	return startOnScreen(t, false, cmd)
}

// TestQuestionsAtTheTerminal: what a server wants to know is asked, what is typed is
// checked, and who does not want to answer declines.
func TestQuestionsAtTheTerminal(t *testing.T) {
	for name, tt := range map[string]struct {
		args  []string
		types [][2]string // what is shown, and then typed
		want  string
	}{
		"answered": {[]string{"peer", "ask"}, [][2]string{
			{"Answer it? (y/n) ", "y"}, {"size [s (Small), l (Large)] (optional; default: s): ", "large"},
			{"Full name - your name (at least 2 characters): ", ""}, {"Full name - your name (at least 2 characters): ", "A"},
			{"Full name takes at least 2 characters", "Ada"},
			{"age (whole number; optional; 0 to 150): ", "old"}, {"age takes an integer, not \"old\"", "200"}, {"age takes 0 to 150", "36"},
		}, `accept {"age":36,"name":"Ada","size":"l"}`},
		"declined":               {[]string{"peer", "ask"}, [][2]string{{"Answer it? (y/n) ", "n"}}, "decline null"},
		"at a path, in sessions": {[]string{"web", "ask", "--path=/mcp"}, [][2]string{{"Answer it? (y/n) ", "y"}, {"default: s): ", ""}, {"Full name - ", "Bo"}, {"age (", ""}}, `accept {"name":"Bo","size":"s"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := callAtTerminal(t, tt.args...)
			s.expect("The MCP server " + tt.args[0] + " asks:\r\n  | Who are")
			at := 0
			for _, step := range tt.types {
				s.expectAfter(&at, step[0])
				s.enter(step[1] + "\n")
			}
			if code := s.end(); code != 0 {
				t.Fatalf("exit code %d:\n%s", code, s.text())
			}
			if strings.Contains(s.text(), "\x1b") {
				t.Errorf("the terminal is told what to do: %q", s.text())
			}
			if got := s.stdout.String(); got != tt.want+"\n" {
				t.Errorf("stdout %q, want %q\n%s", got, tt.want, s.text())
			}
		})
	}
}

// TestPagesAtTheTerminal: a page that a server wants to have opened is shown, whichever
// way it says so, and the call goes on.
func TestPagesAtTheTerminal(t *testing.T) {
	t.Parallel()
	s := callAtTerminal(t, "peer", "page")
	at := 0
	for range 2 {
		s.expectAfter(&at, "The MCP server peer asks:\r\n  | Pay first\r\nIt asks you to open this page, at pay.example.com:\r\n\r\n  https://pay.example.com/1?a=b\r\n")
		s.expectAfter(&at, "Have you done so? (y/n) ")
		s.enter("y\n")
	}
	if code := s.end(); code != 0 || s.stdout.String() != "accept\n" {
		t.Fatalf("exit code %d, %q:\n%s", code, s.stdout.String(), s.text())
	}
}

// TestProgressAtTheTerminal: it is seen while the call is under way, and gone then.
func TestProgressAtTheTerminal(t *testing.T) {
	t.Parallel()
	s := callAtTerminal(t, "peer", "progress")
	if code := s.end(); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
	if text := s.text(); !strings.Contains(text, "\rprogress: 3/3 step") || !strings.HasSuffix(text, "\r") || strings.Contains(text, "\x1b") {
		t.Errorf("%q", text)
	}
	if got := s.stdout.String(); got != "token call\n" {
		t.Errorf("stdout %q", got)
	}
}

// TestInterruptedQuestion: Ctrl-C at a question cancels the call.
func TestInterruptedQuestion(t *testing.T) {
	t.Parallel()
	s := callAtTerminal(t, "peer", "ask")
	s.expect("Answer it? (y/n) ")
	s.enter("\x03")
	if code := s.end(); code != exitInterrupted {
		t.Fatalf("exit code %d:\n%s", code, s.text())
	}
}

// TestFactorAtTheTerminal: a second factor for a session is got in the browser, in one
// tab, and what was asked for is done. Who declines is not asked again for a while; into
// a pipe there is the command.
func TestFactorAtTheTerminal(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice")
	d.guard()
	roots := rootPool(d.cluster.WebCA())
	run := func(terminal bool, args ...string) *screen {
		cmd := tshmcp(t, d.environ, args...)
		s := &screen{t: t, cmd: cmd, done: make(chan error, 1)}
		s.master, s.tty = openPTY(t)
		cmd.Stdout = &s.stdout
		if terminal {
			cmd.Stdout = s.tty
		}
		s.start(terminal)
		return s
	}
	const command = "run: tshmcp login --proxy"
	piped := run(false, "tools", "notes")
	if code := piped.end(); code != 1 || !strings.Contains(piped.text(), command) {
		t.Errorf("into a pipe: %d, %s", code, piped.text())
	}
	declined := run(true, "tools", "notes")
	_ = testcluster.SignIn(t.Context(), string(d.await(1).id), "", roots)
	if code := declined.end(); code != 1 || !strings.Contains(declined.text(), "[mfa-") {
		t.Errorf("declined: %d, %s", code, declined.text())
	}
	paused := run(true, "call", "notes", "get_note", "name=deploy")
	if code := paused.end(); code != 1 || !strings.Contains(paused.text(), "no browser is opened for 15 minutes") || !strings.Contains(paused.text(), command) {
		t.Errorf("in the pause: %d, %s", code, paused.text())
	}
	d.login("alice") // a person ends the pause
	s := run(true, "call", "notes", "get_note", "name=deploy")
	completeLogin(t, string(d.await(2).id), "alice", roots)
	if code := s.end(); code != 0 || !strings.Contains(s.text(), "Deploys run from main") {
		t.Errorf("confirmed: %d, %s", code, s.text())
	}
	for _, args := range [][]string{{"tools", "notes"}, {"resources", "notes"}, {"prompts", "notes"}} {
		again := run(true, args...)
		if code := again.end(); code != 0 {
			t.Errorf("%v: %d, %s", args, code, again.text())
		}
	}
	for n, args := range [][]string{{"prompts", "notes"}, {"resources", "notes"}} { // each as the first after a sign-in
		d.login("alice")
		piped := run(false, args...)
		if code := piped.end(); code != 1 || !strings.Contains(piped.text(), command) {
			t.Errorf("%v into a pipe: %d, %s", args, code, piped.text())
		}
		first := run(true, args...)
		completeLogin(t, string(d.await(3+n).id), "alice", roots)
		if code := first.end(); code != 0 {
			t.Errorf("%v: %d, %s", args, code, first.text())
		}
	}
	d.wantTabs(4)
}

// TestWaitingAtTheTerminal: a server that does not answer is told of in the terminal,
// with how to end the wait, and not into a pipe; nothing of it stays.
func TestWaitingAtTheTerminal(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	state := t.TempDir()
	cluster, err := startLoggedIn(t.Context(), state, testcluster.App{Name: "mute", URI: "mcp+" + silent.URL + "/mcp"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	environ := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + state}
	for _, args := range []string{"tools mute", "call mute ask", "resources mute", "prompts mute"} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			s := inWindow(t, 40, environ, strings.Fields(args)...)
			s.expect("\rwaiting (Ctrl-C cancels): mute has not…")
			s.enter("\x03")
			if code := s.end(); code != exitInterrupted {
				t.Errorf("exit code %d", code)
			}
			if shown := s.lines(); !strings.HasSuffix(shown[len(shown)-1], "tshmcp: interrupted") {
				t.Errorf("%q", s.text())
			}
			piped := tshmcp(t, environ, append(strings.Fields(args), "--request-timeout=4s")...)
			said, err := piped.CombinedOutput()
			if err == nil || strings.Contains(string(said), "waiting") {
				t.Errorf("into a pipe: %v\n%s", err, said)
			}
		})
	}
}
