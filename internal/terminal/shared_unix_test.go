// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: another process has made the terminal, or the pipe of a password,
// non-blocking.

//go:build unix

package terminal

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// early is a stream that has nothing yet a few times before each byte.
type early struct {
	strings.Reader
	busy int
}

func (e *early) Read(p []byte) (int, error) {
	if e.busy++; e.busy%3 != 0 {
		return 0, &os.PathError{Op: "read", Path: "/dev/stdin", Err: syscall.EAGAIN}
	}
	return e.Reader.Read(p)
}

func TestNonBlockingLines(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	in := &early{Reader: *strings.NewReader("hunter2\n123456\n")}
	for _, want := range []string{"hunter2", "123456"} {
		if line, err := ReadLine(ctx, in); line != want || err != nil {
			t.Errorf("%q, %v, want %q", line, err, want)
		}
	}
}
