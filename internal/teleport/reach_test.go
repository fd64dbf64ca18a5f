// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestEveryWayHasAHint: whatever the network, the system or TLS says of the way to the
// proxy, there is something to do, and it is about that.
func TestEveryWayHasAHint(t *testing.T) {
	of := func(op string, err error) error {
		return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(op, err)}
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{of("dial", syscall.ECONNREFUSED), "nothing listens"},
		{of("dial", syscall.ECONNRESET), "ended the connection"},
		{of("read", syscall.ECONNRESET), "ended the connection"},
		{of("write", syscall.EPIPE), "ended the connection"},
		{of("write", syscall.ECONNABORTED), "ended the connection"},
		{io.EOF, "ended the connection"},
		{io.ErrUnexpectedEOF, "ended the connection"},
		{of("dial", syscall.ENETUNREACH), "no way to the proxy"},
		{of("dial", syscall.EHOSTUNREACH), "no way to the proxy"},
		{of("dial", syscall.ENETDOWN), "no way to the proxy"},
		{of("dial", syscall.EADDRNOTAVAIL), "check --proxy"},
		{of("dial", syscall.ETIMEDOUT), "did not answer in time"},
		{os.ErrDeadlineExceeded, "did not answer in time"},
		{context.DeadlineExceeded, "did not answer in time"},
		{&net.DNSError{IsNotFound: true}, "cannot be resolved"},
		{&net.DNSError{IsTimeout: true}, "cannot be resolved"},
		{&net.DNSError{Err: "server misbehaving"}, "cannot be resolved"},
		{x509.UnknownAuthorityError{}, "--ca-file"},
		{tls.AlertError(40), "TLS handshake"}, // handshake failure
		{tls.AlertError(70), "TLS handshake"}, // protocol version
		{tls.AlertError(80), "TLS handshake"}, // internal error
		{tls.AlertError(112), "TLS handshake"},
		{tls.AlertError(42), "refused the certificate"},
		{tls.AlertError(45), "refused the certificate"},
		{tls.AlertError(48), "refused the certificate"},
		{tls.AlertError(49), "refused the certificate"},
		{tls.AlertError(116), "refused the certificate"}, // required
		{tls.AlertError(120), "ALPN"},
	} {
		e := &ReachError{Err: tt.err}
		if hints := strings.Join(e.Hints(), "\n"); !strings.Contains(hints, tt.want) || e.ExitCode() != exitError {
			t.Errorf("%v: hints %q, exit code %d", tt.err, hints, e.ExitCode())
		}
	}
}
