// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: child processes of a test.

package creds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// childVar makes the test binary a child process that does one thing.
const childVar = "TSHMCP_CREDS_TEST_CHILD"

// children are the things it can do. What they print is the parent's to check.
var children = map[string]func(ctx context.Context, args []string) error{
	"write":     childWrite,
	"hold lock": childHoldLock,
}

func TestMain(m *testing.M) {
	do, ok := children[os.Getenv(childVar)]
	if !ok {
		goleak.VerifyTestMain(m)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := do(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child prepares a child process; it is killed if it outlives the test.
func child(t testing.TB, env []string, name string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = append(append(os.Environ(), env...), childVar+"="+name)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// runChild returns what a child process printed.
func runChild(t testing.TB, env []string, name string, args ...string) string {
	t.Helper()
	cmd := child(t, env, name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// waitForEnd returns when the parent closes the child's standard input.
func waitForEnd() { _, _ = io.Copy(io.Discard, os.Stdin) }
