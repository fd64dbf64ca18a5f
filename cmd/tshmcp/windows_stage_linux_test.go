// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a user of Windows, as far as Wine goes.

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// windowsVariable names the folder that scripts/windows.sh makes: tshmcp.exe,
// creds.test.exe, client.exe, and WINEPREFIX.
const windowsVariable = "TSHMCP_WINDOWS"

// windows is a user of Windows and a cluster outside.
type windows struct {
	ctx     context.Context
	dir     string // of the programs, a path of this system
	exe     string // as Windows names it
	home    string // as Windows names it
	ca      string // as Windows names it
	tabs    string // a line for each page that was opened
	environ []string
	cluster *testcluster.Cluster
}

func newWindows(t *testing.T) *windows {
	dir := os.Getenv(windowsVariable)
	if dir == "" {
		t.Skip("the Windows binary is run by make windows")
	}
	cluster, ca := startNotesCluster(t)
	bin := t.TempDir()
	w := &windows{ctx: t.Context(), dir: dir, exe: fromUnix(filepath.Join(dir, "tshmcp.exe")), ca: fromUnix(ca), cluster: cluster, tabs: filepath.Join(bin, "tabs")}
	// Where Wine's browser ends: alice signs in.
	browser := fmt.Sprintf("#!/bin/sh\necho \"$1\" >>%s\nexec browse alice %s \"$1\" >>%s.log 2>&1\n", w.tabs, ca, w.tabs)
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(browser), 0o700); err != nil {
		t.Fatal(err)
	}
	// Nothing of who runs the tests: a build service says CI, for which no page opens.
	w.environ = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
	for _, name := range []string{"HOME", "TMPDIR", "WINEPREFIX", "WINEDEBUG", "WINEDLLOVERRIDES"} {
		w.environ = append(w.environ, name+"="+os.Getenv(name))
	}
	home := exec.CommandContext(t.Context(), "wine", "cmd", "/c", "echo %USERPROFILE%")
	home.Env = w.environ
	out, err := home.Output()
	if w.home = strings.TrimSpace(string(out)); err != nil || !strings.HasPrefix(w.home, `C:\`) {
		t.Fatalf("the home directory is %q, %v", w.home, err)
	}
	w.moveIn(t)
	return w
}

// moveIn has nothing of a day before: that one may have been another run of this
// test. What its bridges did is shown when this one fails.
func (w *windows) moveIn(t *testing.T) {
	if err := filepath.WalkDir(w.toUnix(`C:\users`), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			err = os.Remove(path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		logs, err := filepath.Glob(filepath.Join(w.state(), "logs", "*"))
		for _, log := range logs {
			if text, _ := os.ReadFile(log); t.Failed() {
				t.Logf("%s, %v:\n%s", log, err, text)
			}
		}
	})
}

// fromUnix is how Windows in Wine names a path of this system, toUnix the way back.
func fromUnix(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

func (w *windows) toUnix(path string) string {
	path = strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/")
	return filepath.Join(os.Getenv("WINEPREFIX"), "drive_c", path)
}

// state is the state directory, where nothing says that it is elsewhere.
func (w *windows) state() string { return w.toUnix(w.home + `\AppData\Roaming\tshmcp`) }

func (w *windows) read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(w.toUnix(path))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (w *windows) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.ctx, "wine", append([]string{w.exe}, args...)...)
	cmd.Env = w.environ
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// run runs one command to its end.
func (w *windows) run(args ...string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithTimeout(w.ctx, 2*scriptTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "wine", append([]string{w.exe}, args...)...)
	var out, log bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = w.environ, &out, &log, 10*time.Second
	err = cmd.Run()
	return out.String(), strings.ReplaceAll(log.String(), "\r\n", "\n"), err
}

// wantOpened holds how many pages were opened.
func (w *windows) wantOpened(t *testing.T, n int) {
	t.Helper()
	text, err := os.ReadFile(w.tabs)
	if got := bytes.Count(text, []byte("\n")); err != nil || got != n {
		log, _ := os.ReadFile(w.tabs + ".log")
		t.Errorf("%d pages were opened, want %d (%v)\n%s%s", got, n, err, text, log)
	}
}

func (w *windows) forgetOpened(t *testing.T) {
	t.Helper()
	if err := os.Remove(w.tabs); err != nil {
		t.Fatal(err)
	}
}

// expire lets the login expire a minute ago: see desk.expire.
func (w *windows) expire(t *testing.T) {
	t.Helper()
	if err := expireProfile(w.state()); err != nil {
		t.Fatal(err)
	}
}

// ofWine tells whether a command failed only because Wine 8 cannot remove a folder
// as Go does it.
func ofWine(stderr string) bool {
	last := stderr[strings.LastIndexByte(strings.TrimSuffix(stderr, "\n"), '\n')+1:]
	return strings.HasPrefix(last, "tshmcp: error: unlinkat ") && strings.HasSuffix(last, "Invalid function [file-failed]\n")
}
