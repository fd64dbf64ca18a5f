// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/plainfile"
	"github.com/tshmcp/tshmcp/internal/request"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// TestWhichErrorExplains: the outermost one that has something to say.
func TestWhichErrorExplains(t *testing.T) {
	denied := &teleport.AuthError{Op: "list apps", Code: rpc.PermissionDenied, Message: "access denied"}
	egress := &teleport.EgressError{Status: 407}
	away := &teleport.AuthError{Op: "list apps", Code: rpc.Unavailable, Message: "no", Err: egress}
	keyring := &creds.KeyringError{Op: "get", Err: io.EOF}
	for _, test := range []struct {
		err  error
		want errcode.Explained
	}{
		{denied, denied},
		{fmt.Errorf("x: %w", denied), denied},
		{&usage.Error{Usage: "tshmcp x", Err: denied}, &usage.Error{Usage: "tshmcp x"}},
		{away, egress},
		{fmt.Errorf("%w; %w", io.EOF, keyring), keyring},
		{errors.Join(away, keyring), egress},
	} {
		text, hints, code := explain(test.err)
		if text != errcode.Words(test.err) || !slices.Equal(hints, test.want.Hints()) || code != test.want.ExitCode() {
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
	reaching := func(err error) error { return &teleport.ReachError{Err: err} }
	for _, err := range []error{
		reaching(late), fmt.Errorf("reach: %w", reaching(&url.Error{Op: "Get", Err: late})), reaching(context.DeadlineExceeded),
		&teleport.AuthError{Code: rpc.DeadlineExceeded, Err: context.DeadlineExceeded},
	} {
		if _, hints, _ := explain(err); len(hints) != 1 || !strings.Contains(hints[0], "your network or VPN") {
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
		late, context.DeadlineExceeded, // of something else than the way to the proxy
		&net.OpError{Op: "listen", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}},
	} {
		if text, hints, code := explain(err); hints != nil || code != exitError || text != errcode.Words(err) {
			t.Errorf("%v: %q", err, hints)
		}
	}
}

// TestHintsFollowTheOperation: what is to be done about an error depends on what was
// done when it came.
func TestHintsFollowTheOperation(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	taken := &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}
	unknown := &net.DNSError{Err: "no such host", Name: "x.invalid", IsNotFound: true}
	denied := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}
	reaching := func(err error) error { return fmt.Errorf("GET /webapi/ping: %w", &teleport.ReachError{Err: err}) }
	for _, test := range []struct {
		command string
		err     error
		want    string // in the hint; empty: none
	}{
		{"ls", reaching(refused), "host and port of --proxy"},
		{"ls", reaching(unknown), "name of the proxy cannot be resolved"},
		{"ls", reaching(context.DeadlineExceeded), "did not answer in time"},
		{"ls", reaching(x509.UnknownAuthorityError{}), "--ca-file"},
		{"ls", &teleport.AuthError{Op: "list apps", Code: rpc.Unavailable, Err: &teleport.ReachError{Auth: true, Err: x509.UnknownAuthorityError{}}}, "CA of your login"},
		{"ls", reaching(&teleport.EgressError{Setting: "ALL_PROXY", Err: refused}), "ALL_PROXY names it"},
		{"ls", reaching(&teleport.EgressError{Err: unknown}), "HTTPS_PROXY names it"},
		{"ls", reaching(&teleport.EgressError{Err: x509.UnknownAuthorityError{}}), "HTTPS_PROXY names it"},
		{"ls", reaching(tls.RecordHeaderError{}), "port of --proxy"},
		{"ls", reaching(tls.AlertError(42)), "run tshmcp login again"},
		{"ls", reaching(context.Canceled), ""},
		{"ls", reaching(io.EOF), "ended the connection"},
		{"ls", &access.IdentityError{File: "x", Err: denied}, "you may not read it"},
		{"ls", &access.IdentityError{File: "x", Err: fs.ErrNotExist}, "--identity"},
		{"ls", &creds.KeyringError{Op: "get", Err: io.EOF}, "--store=file"},
		{"logout", &creds.KeyringError{Op: "delete", Err: io.EOF}, "keyring"},
		{"login", &login.ListenError{Addr: "x.invalid:80", Err: unknown}, "--bind-addr"},
		{"login", &login.ListenError{Addr: "127.0.0.1:80", Err: taken}, "--bind-addr"},
		{"login", &login.ListenError{Err: refused}, "127.0.0.1"},
		{"demo serve", &demo.StageError{Listen: "127.0.0.1:80", Err: taken}, "--listen"},
		{"demo serve", &demo.StageError{Err: refused}, ""},
		{"config", &setup.FileError{Doing: setup.Reading, Err: denied}, "you may not read it"},
		{"config", &setup.FileError{Doing: setup.Writing, Err: denied}, "you may not write there"},
		{"config --remove", &setup.FileError{Doing: setup.ReadingToRemove, Err: denied}, "you may not read it"},
		{"config --remove", &setup.FileError{Doing: setup.Removing, Err: denied}, "you may not write there"},
		{"status", denied, ""},
		{"connect", refused, ""}, // of something that did not say what it was doing
	} {
		_, hints, _ := explain(test.err)
		all := strings.Join(hints, "\n")
		if !strings.Contains(all, test.want) || (all == "") != (test.want == "") {
			t.Errorf("%s: %v: %q, want %q", test.command, test.err, hints, test.want)
		}
		if strings.Contains(all, "--proxy") && !errors.As(test.err, new(*teleport.ReachError)) {
			t.Errorf("%s: %v: a hint about the proxy: %q", test.command, test.err, hints)
		}
		if test.command == "logout" && strings.Contains(all, "--store") {
			t.Errorf("logout is told where to keep credentials: %q", hints)
		}
	}
}

// TestLinesEndInCodes: the code is in brackets at the end of the error's line.
func TestLinesEndInCodes(t *testing.T) {
	denied := &teleport.AuthError{Op: "list apps", Code: rpc.PermissionDenied, Message: "access denied"}
	foreign := &x509.UnknownAuthorityError{}
	for _, test := range []struct {
		err  error
		want string
	}{
		{io.ErrNoProgress, "[internal]"},
		{denied, "[role-denied]"},
		{&teleport.AuthError{Code: rpc.DeadlineExceeded, Err: context.DeadlineExceeded}, "[auth-timeout]"},
		{&teleport.AuthError{Code: rpc.Unavailable, Err: errors.New("x")}, "[auth-unreachable]"},
		{&teleport.AuthError{Code: rpc.InvalidArgument}, "[auth-error]"},
		{&teleport.AuthError{Code: rpc.Unavailable, Err: &teleport.ReachError{Auth: true, Err: *foreign}}, "[cluster-cert-untrusted]"},
		{&teleport.ReachError{Err: fmt.Errorf("x: %w", *foreign)}, "[proxy-cert-untrusted]"},
		{fmt.Errorf("GET /webapi/find: %w", teleport.ErrNotTeleport), "[not-teleport]"},
		{&teleport.APIError{Status: 500, Path: "/webapi/find"}, "[proxy-error]"},
		{teleport.ErrNoFactor, "[proxy-answer]"},
		{teleport.ErrNoHostCA, "[host-ca-missing]"},
		{teleport.ErrCertNotAsked, "[tls-intercepted]"},
		{&teleport.WrongCertError{Op: "x", Err: io.EOF}, "[app-cert-unusable]"},
		{&teleport.FactorRefusedError{App: "notes", Err: denied}, "[mfa-denied]"},
		{&access.MFANeededError{Name: "notes"}, "[mfa-required]"},
		{&access.NoReissueError{File: "x"}, "[reissue-denied]"},
		{&access.IdentityError{File: "x", Err: &plainfile.SizeError{Path: "x"}}, "[file-too-large]"},
		{&signin.PendingError{Proxy: "x"}, "[login-pending]"},
		{&login.RefusedError{Reason: login.LockedOut}, "[locked-out]"},
		{&stdio.Error{Stream: "stdout", Err: io.EOF}, "[stream-failed]"},
		{&creds.BusyError{Path: "x"}, "[store-busy]"},
		{&setup.FileError{Err: clientcfg.ErrBusy}, "[config-busy]"},
		{&setup.FileError{Err: fmt.Errorf("x: %w", &clientcfg.DamagedError{Err: io.EOF})}, "[config-damaged]"},
		{&setup.LeftOutError{Server: "x", Err: &clientcfg.NameError{}}, "[config-name]"},
		{&demo.StageError{Err: io.EOF}, "[demo-failed]"},
		{&request.RefusedError{Err: denied}, "[request-refused]"},
		{&request.PendingError{ID: "x"}, "[request-pending]"},
		{usage.Errorf("which user?"), "which user?"},
	} {
		var out strings.Builder
		report(t.Context(), &out, test.err)
		if line, _, _ := strings.Cut(out.String(), "\n"); !strings.HasPrefix(line, "tshmcp: error: ") || !strings.HasSuffix(line, test.want) {
			t.Errorf("%T: %q, want %s at its end", test.err, line, test.want)
		}
	}
}
