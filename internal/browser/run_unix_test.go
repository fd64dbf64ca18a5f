// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// program is a shell script in a folder of its own.
func program(t *testing.T, name, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRealPrograms runs what BROWSER names.
func TestRealPrograms(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	good := program(t, "good", `printf '%s\n' "$@" >`+out)
	bad := program(t, "bad", "exit 3")
	system := System{
		GOOS: "linux", LookPath: exec.LookPath, Kernel: Kernel, Run: Run,
		Getenv: func(name string) string {
			return map[string]string{"BROWSER": "/missing:" + bad + ":" + good + " -n '%s#x'"}[name]
		},
	}
	if err := system.Open(link); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if lines := strings.Fields(string(data)); err != nil || len(lines) < 2 || lines[0] != "-n" || lines[1] != link+"#x" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestRunFails(t *testing.T) {
	if err := Run([]string{program(t, "bad", "exit 3"), link}); err == nil || err.Error() != "exit status 3" {
		t.Errorf("%v", err)
	}
	if err := Run([]string{filepath.Join(t.TempDir(), "missing"), link}); err == nil || strings.Contains(err.Error(), link) {
		t.Errorf("%v", err)
	}
}

// launchers makes a launcher of the system, the only program in PATH beside those
// that the script needs.
func launchers(t *testing.T, script string) {
	path := program(t, "xdg-open", script)
	t.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+"/usr/bin"+string(os.PathListSeparator)+"/bin")
}

// TestDefaultHasNoPipe: a browser that stays must not write to a pipe that ends
// with this process.
func TestDefaultHasNoPipe(t *testing.T) {
	if runtime.GOOS == "darwin" {
		t.Skip("open is what launches on macOS, by a path of its own")
	}
	launchers(t, `if [ -p /dev/stdout ] || [ -p /dev/stderr ]; then exit 7; fi; exit 3`)
	if err := Default(link); err == nil || err.Error() != "exit status 3" {
		t.Errorf("%v", err)
	}
}

// TestApart has the launcher run in another group, and read the link from stdin.
func TestApart(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	self := program(t, "self", `read -r url; ps -o pgid= -p $$ >`+out+`; echo "$url $*" >>`+out+`; exit 3`)
	if err := Apart([]string{self, "open-page"})(link + "\n"); err == nil || err.Error() != "exit status 3" {
		t.Errorf("%v", err)
	}
	data, err := os.ReadFile(out)
	words := strings.Fields(string(data))
	if err != nil || len(words) != 3 || words[0] == strconv.Itoa(syscall.Getpgrp()) || words[1] != link || words[2] != "open-page" {
		t.Errorf("%q, %v; this group is %d", data, err, syscall.Getpgrp())
	}
	launchers(t, "exit 4")
	if err := Apart([]string{filepath.Join(t.TempDir(), "missing")})(link); err == nil || runtime.GOOS != "darwin" && err.Error() != "exit status 4" {
		t.Errorf("without the program: %v", err)
	}
}

func TestLaunch(t *testing.T) {
	for _, text := range []string{"", "file:///etc/passwd", "-x", "javascript:x", "ftp://x"} {
		if err := Launch(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "not a link") {
			t.Errorf("%q: %v", text, err)
		}
	}
	launchers(t, `test "$1" = `+link)
	if err := Launch(strings.NewReader(link)); err != nil && runtime.GOOS != "darwin" {
		t.Error(err)
	}
}

// TestRunStays does not wait for a browser that stays in the foreground, and has
// it outlive this process' group.
func TestRunStays(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if out, err := exec.Command("mkfifo", pipe).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	start := time.Now()
	if err := run([]string{program(t, "stays", "read x <"+pipe), link}, 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	f, err := os.OpenFile(pipe, os.O_WRONLY, 0) // it ends
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}
