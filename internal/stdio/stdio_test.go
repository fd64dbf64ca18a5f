// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// broken fails as a stream of this process does.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: "/dev/stdin", Err: b.err}
}
func (b broken) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: b.err}
}

// An error of a stream says which one, and no connection's error is one.
func TestErrors(t *testing.T) {
	_, err := NewOutput(broken{syscall.EPIPE}).Write([]byte("x"))
	if !IsClosed(err) || !errors.Is(err, syscall.EPIPE) || !strings.HasPrefix(err.Error(), "stdout: ") {
		t.Errorf("closed: %v", err)
	}
	_, err = NewOutput(broken{syscall.ENOSPC}).Write([]byte("x"))
	if IsClosed(err) || err == nil || !strings.HasPrefix(err.Error(), "stdout: ") {
		t.Errorf("full: %v", err)
	}
	_, err = NewInput(broken{syscall.EINVAL}).Read(make([]byte, 1))
	if IsClosed(err) || err == nil || !strings.HasPrefix(err.Error(), "stdin: ") {
		t.Errorf("read: %v", err)
	}
	if IsClosed(&net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}) || IsClosed(nil) {
		t.Error("a connection is taken for a stream")
	}
}

func TestInputEnds(t *testing.T) {
	got, err := io.ReadAll(NewInput(strings.NewReader("abc")))
	if string(got) != "abc" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
