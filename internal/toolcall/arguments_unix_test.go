// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package toolcall

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// early is a stream that has nothing yet at every other read, as one does that
// another process has made non-blocking.
type early struct {
	strings.Reader
	busy bool
}

func (e *early) Read(p []byte) (int, error) {
	if e.busy = !e.busy; e.busy {
		return 0, &os.PathError{Op: "read", Path: "/dev/stdin", Err: syscall.EAGAIN}
	}
	return e.Reader.Read(p)
}

func TestGivenNonBlocking(t *testing.T) {
	in := &early{Reader: *strings.NewReader(`{"a":1}`)}
	typed, err := Given{Words: []string{"-"}, Stdin: in}.read(t.Context())
	if err != nil || string(typed.doc) != `{"a":1}` {
		t.Errorf("%+v, %v", typed, err)
	}
}

// A pipe that nobody writes to is given up with the call.
func TestGivenPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Given{Files: []string{"a=" + pipe}}).read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // lets go of who waits to read
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
}
