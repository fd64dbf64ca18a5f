// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/tshmcp/tshmcp/internal/errcode"
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
		{x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}, "cannot be trusted"},
		{&tls.CertificateVerificationError{Err: x509.UnhandledCriticalExtension{}}, "cannot be trusted"},
		{errors.New("malformed HTTP response"), "check --proxy"},
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

// TestCannotReach: who was not reached, and why, without how the system dials.
func TestCannotReach(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{refused, "cannot reach t.example.test:443: connection refused"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "t.example.test", Server: "10.0.0.53:53", IsNotFound: true}}, "cannot reach t.example.test:443: no such host"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, "cannot reach t.example.test:443: no answer came in time"},
		{&AddressesError{Addr: "t.example.test:443", Errs: []error{refused, refused}},
			"cannot reach t.example.test:443: none of its 2 addresses answers: 192.0.2.1:1: connect: connection refused; 192.0.2.1:1: connect: connection refused"},
		{&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "read tcp: read: connection reset by peer"},
		{io.EOF, "the connection was closed"},
	} {
		if got := (&ReachError{Addr: "t.example.test:443", Err: tt.err}).Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
		if got := reaching(tt.err).Error(); got != errcode.Words(tt.err) {
			t.Errorf("%q without an address", got)
		}
	}
}
