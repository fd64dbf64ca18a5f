// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package toolcall

import (
	"os"
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
