// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// handDemo is tshmcp demo --browser where no browser can be opened, until it
// shows the link.
type handDemo struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
	link   string
	said   strings.Builder // on stdout, so far
	temp   string          // where it has its folder
}

func startHandDemo(t *testing.T) *handDemo {
	t.Helper()
	d := &handDemo{temp: t.TempDir()}
	environ := append(os.Environ(), "BROWSER=", "VSCODE_IPC_HOOK_CLI=", "SSH_CONNECTION=here", "TMPDIR="+d.temp, "TMP="+d.temp, "TEMP="+d.temp)
	d.cmd = tshmcp(t, environ, "demo", "--browser")
	d.cmd.Stderr = &d.stderr
	inGroup(d.cmd)
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(scriptTime, func() { d.cmd.Process.Kill() }).Stop()
	d.stdout = bufio.NewReader(stdout)
	for d.link == "" {
		line, err := d.stdout.ReadString('\n')
		d.said.WriteString(line)
		if err != nil {
			t.Fatalf("no link: %v\n%s%s", err, d.said.String(), d.stderr.String())
		}
		d.link = loginLink.Regexp().FindString(line)
	}
	return d
}

// wait returns the exit code.
func (d *handDemo) wait(t *testing.T) int {
	t.Helper()
	defer time.AfterFunc(scriptTime, func() { d.cmd.Process.Kill() }).Stop()
	if _, err := io.Copy(&d.said, d.stdout); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := d.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(d.temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
	return d.cmd.ProcessState.ExitCode()
}

// TestInterruptedDemo is Ctrl-C, which a terminal sends to the whole process
// group, and a signal to the demo alone. Either way it ends as other commands do,
// and leaves nothing.
func TestInterruptedDemo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent Ctrl-C here")
	}
	for name, signal := range map[string]func(*os.Process) error{
		"alone": func(p *os.Process) error { return p.Signal(os.Interrupt) },
		"group": interruptGroup,
	} {
		t.Run(name, func(t *testing.T) {
			d := startHandDemo(t)
			if err := signal(d.cmd.Process); err != nil {
				t.Fatal(err)
			}
			if code := d.wait(t); code != exitInterrupted || d.stderr.String() != "tshmcp: interrupted\n" {
				t.Errorf("exit code %d, %q\n%s", code, d.stderr.String(), d.said.String())
			}
		})
	}
}

// TestDemoByHand is the tour of who signs in by hand: whoever may use the MCP
// server sees all of it, and who may not is told whom to pick.
func TestDemoByHand(t *testing.T) {
	t.Parallel()
	for user, want := range map[string]struct {
		code           int
		stdout, stderr string
	}{
		"alice": {exitOK, "2. See what alice may use.", ""},
		"bob":   {exitOK, "2. See what bob may use.", ""},
		"carol": {exitError, "2. See what carol may use.", "tshmcp: error: demo: carol may use no MCP server [app-not-found]\ntshmcp: hint: run it again and pick alice or bob\n"},
		"":      {exitError, "the sign-in was refused", "tshmcp: error: demo: nobody signed in [sign-in-timeout]\ntshmcp: hint: run it again, pick alice or bob and press \"Sign in\"\n"},
	} {
		t.Run(user, func(t *testing.T) {
			d := startHandDemo(t)
			files, err := filepath.Glob(filepath.Join(d.temp, "*", "web-ca.pem"))
			if err != nil || len(files) != 1 {
				t.Fatalf("CA files %v, %v", files, err)
			}
			ca, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
			defer cancel()
			if err := testcluster.SignIn(ctx, d.link, user, rootPool(ca)); err != nil {
				t.Fatal(err)
			}
			code, said := d.wait(t), d.said.String()
			if code != want.code || !strings.Contains(said, want.stdout) || d.stderr.String() != want.stderr ||
				!regexp.MustCompile(`(?m)^ +\(pick alice or bob`).MatchString(said) {
				t.Errorf("exit code %d, %q\n%s", code, d.stderr.String(), said)
			}
		})
	}
}
