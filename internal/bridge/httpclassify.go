// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// transportError classifies a request that got no HTTP answer (transport.md F-1
// to F-3, F-1b, F-13). What the transport itself says stands.
func transportError(err error, p *passage) *Error {
	var stated *Error
	if errors.As(err, &stated) {
		e := *stated
		e.stated = true
		return &e
	}
	code := errcode.Foreign(err)
	switch {
	case errors.Is(err, ErrAgain):
		return &Error{Kind: KindUnreachable, Executed: NotExecuted, again: true}
	case slices.Contains(untrusted, code):
		return &Error{Kind: kindServerCertificate, Executed: NotExecuted, Err: err}
	case code == errcode.CertRefused:
		// With TLS 1.3 the server judges the client's certificate when the
		// client has already written: the alert comes instead of an answer.
		return &Error{Kind: kindClientCertificate, Executed: NotExecuted, Err: err}
	case p.begun.Load():
		return silenced(&Error{Kind: KindConnectionLost, Executed: MayHaveRun, Err: err}, err)
	case slices.Contains(brokenOff, code):
		return &Error{Kind: KindUnreachable, Executed: NotExecuted, Note: "TLS handshake failed", Err: err}
	case isNetwork(err) || isPassing(err):
		return &Error{Kind: KindUnreachable, Executed: NotExecuted, Retryable: true, Err: err}
	case isCredential(err):
		return &Error{Kind: kindClientCertificate, Executed: NotExecuted, Err: err}
	default:
		return &Error{Kind: KindUnreachable, Executed: NotExecuted, Err: err}
	}
}

// What TLS says: that the server's certificate is none to trust, and that the server
// broke the handshake off for another reason than the client's certificate.
var (
	untrusted = []errcode.Code{errcode.ProxyCertUntrusted, errcode.ProxyCertExpired, errcode.ClockWrong, errcode.ProxyCertWrongName}
	brokenOff = []errcode.Code{errcode.HandshakeFailed, errcode.TLSIntercepted}
)

// isPassing says whether something on the way refused for a reason that may
// pass.
func isPassing(err error) bool {
	var cause interface{ Retryable() bool }
	return errors.As(err, &cause) && cause.Retryable()
}

// isCredential says whether there is no certificate to shake hands with.
func isCredential(err error) bool {
	var cause interface{ ClientCertificate() bool }
	return errors.As(err, &cause) && cause.ClientCertificate()
}

// withoutURL removes the wrapper that puts the address, with its query, into
// the text.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// closedUnused is what net/http, which exports no error for it, says of a new
// connection that the server closed before anything was sent over it.
const closedUnused = "http: server closed idle connection"

// isNetwork says whether err is of the network, and so of the kind that passes by
// itself. What a file, or a socket of this machine such as that of a keyring, has the
// matter does not.
func isNetwork(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var errno syscall.Errno
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &op):
		return !strings.HasPrefix(op.Net, "unix")
	case errors.As(err, &dns):
		return true
	case isOfFile(err):
		return false
	case errors.As(err, &errno):
		return isNetworkErrno(errno)
	}
	return errors.As(err, &timeout) && timeout.Timeout() ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		err.Error() == closedUnused || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// isOfFile says whether an error names the file, or the program, that it is about.
func isOfFile(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var program *exec.Error
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &program)
}
