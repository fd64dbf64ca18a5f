// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
