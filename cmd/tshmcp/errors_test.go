// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestWhichErrorExplains: the outermost one that has something to say.
func TestWhichErrorExplains(t *testing.T) {
	denied := &teleport.AuthError{Op: "list apps", Code: codes.PermissionDenied, Message: "access denied"}
	egress := &teleport.EgressError{Status: 407}
	away := &teleport.AuthError{Op: "list apps", Code: codes.Unavailable, Message: "no", Err: egress}
	keyring := &creds.KeyringError{Op: "get", Err: io.EOF}
	for _, test := range []struct {
		err  error
		want explained
	}{
		{denied, denied},
		{fmt.Errorf("x: %w", denied), denied},
		{&usageError{Usage: "tshmcp x", Err: denied}, &usageError{Usage: "tshmcp x"}},
		{away, egress},
		{fmt.Errorf("%w; %w", io.EOF, keyring), keyring},
		{errors.Join(away, keyring), egress},
	} {
		text, hints, code := explain(test.err)
		if text != test.err.Error() || !slices.Equal(hints, test.want.Hints()) || code != test.want.ExitCode() {
			t.Errorf("%v: %q, %q, exit code %d", test.err, text, hints, code)
		}
	}
	if _, hints, code := explain(io.EOF); hints != nil || code != exitError {
		t.Errorf("an error of nobody: %q, %d", hints, code)
	}
}

// TestTimeoutsOfOtherThings: a hint about the network is for the network's errors,
// though the system gives those of files and streams the same names.
func TestTimeoutsOfOtherThings(t *testing.T) {
	late := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ETIMEDOUT)}
	for _, err := range []error{late, fmt.Errorf("reach: %w", &url.Error{Op: "Get", Err: late}), context.DeadlineExceeded} {
		if _, hints, _ := explain(err); len(hints) != 1 || !strings.Contains(hints[0], "in time") {
			t.Errorf("%v: %q", err, hints)
		}
	}
	for _, err := range []error{
		&fs.PathError{Op: "read", Path: "/dev/stdin", Err: syscall.EAGAIN},
		&stdio.Error{Stream: "stdout", Err: &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EAGAIN}},
		&stdio.Error{Stream: "stdout", Err: syscall.ECONNREFUSED},
		&fs.PathError{Op: "read", Path: "x", Err: syscall.ETIMEDOUT}, // of a network file system
		&fs.PathError{Op: "read", Path: "x", Err: os.ErrDeadlineExceeded},
		&net.OpError{Op: "dial", Net: "unix", Err: os.NewSyscallError("connect", syscall.EAGAIN)},
		fmt.Errorf("lock: %w", syscall.EAGAIN),
	} {
		if text, hints, code := explain(err); hints != nil || code != exitError || text != err.Error() {
			t.Errorf("%v: %q", err, hints)
		}
	}
}
