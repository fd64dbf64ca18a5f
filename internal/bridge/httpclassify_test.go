// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// What is the network's passes by itself and is tried again; what a file has the
// matter does not, though both have error numbers.
func TestIsNetwork(t *testing.T) {
	_, missing := os.Open(t.TempDir() + "/missing")
	file := func(err error) error { return &fs.PathError{Op: "open", Path: "/f", Err: err} }
	dial := func(network string, err error) error {
		return &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", err)}
	}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"refused", dial("tcp", syscall.ECONNREFUSED), true},
		{"refused, by another protocol", dial("tcp6", syscall.ECONNREFUSED), true},
		{"timed out", dial("tcp", syscall.ETIMEDOUT), true},
		{"no more descriptors for a socket", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)}, true},
		{"in a request", &url.Error{Op: "Post", URL: "https://x/", Err: fmt.Errorf("to the proxy: %w", dial("tcp", syscall.EHOSTUNREACH))}, true},
		{"no such name", &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}, true},
		{"end", fmt.Errorf("in the handshake: %w", io.EOF), true},
		{"cut", io.ErrUnexpectedEOF, true},
		{"closed", net.ErrClosed, true},
		{"a deadline", os.ErrDeadlineExceeded, true},
		{"a context's deadline", context.DeadlineExceeded, true},
		{"closed unused", errors.New(closedUnused), true},

		{"no file", missing, false},
		{"no file, wrapped", fmt.Errorf("the identity: %w", missing), false},
		{"may not be read", file(syscall.EACCES), false},
		{"a directory", file(syscall.EISDIR), false},
		{"too many files", file(syscall.EMFILE), false},
		{"an input error", file(syscall.EIO), false},
		{"a file of a network disk", file(syscall.ETIMEDOUT), false},
		{"a file that ends early", file(io.ErrUnexpectedEOF), false},
		{"a file's deadline", file(os.ErrDeadlineExceeded), false},
		{"a link", &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EXDEV}, false},
		{"a lock", os.NewSyscallError("flock", syscall.EAGAIN), false},
		{"a bare number of a file", syscall.ENOENT, false},
		{"a full disk", syscall.ENOSPC, false},
		{"no program", &exec.Error{Name: "browser", Err: exec.ErrNotFound}, false},
		{"the keyring's socket", dial("unix", syscall.ECONNREFUSED), false},
		{"a packet socket of this machine", dial("unixgram", syscall.ENOENT), false},
		{"words", errors.New("connection refused"), false},
		{"nobody waits", context.Canceled, false},
	} {
		if got := isNetwork(tt.err); got != tt.want {
			t.Errorf("%s (%v): %v", tt.name, tt.err, got)
		}
	}
	for _, e := range append([]syscall.Errno{}, silentErrnos...) {
		if !isNetwork(os.NewSyscallError("read", e)) || !diedSilently(dial("tcp", e)) {
			t.Errorf("%v is not the network's", e)
		}
	}
}

func TestUnreadableFileIsNotRetried(t *testing.T) {
	e := transportError(&fs.PathError{Op: "open", Path: "/key", Err: syscall.EACCES}, &passage{})
	if e.Retryable || e.Executed != NotExecuted {
		t.Errorf("%+v", e)
	}
}
