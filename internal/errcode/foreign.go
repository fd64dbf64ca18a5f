// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// Foreign returns the code of an error of another module, as one of the way to
// the Teleport proxy where it is of the network; "" if nothing is known of it.
// What is on another way, or means something else there, says so itself.
func Foreign(err error) Code {
	if err == nil {
		return ""
	}
	for _, translate := range []func(error) Code{ofTLS, ofDNS, ofFile, ofNetwork, ofContext} {
		if code := translate(err); code != "" {
			return code
		}
	}
	return ""
}

func ofTLS(err error) Code {
	var (
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		other    *tls.CertificateVerificationError
		header   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return ProxyCertUntrusted
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ProxyCertExpired
	case errors.As(err, &hostname):
		return ProxyCertWrongName
	case errors.As(err, &invalid), errors.As(err, &other):
		return ProxyCertUntrusted
	case errors.As(err, &header):
		return NotTLS
	}
	return ofAlert(err)
}

// ofAlert is about what the other end says of the handshake. Outside QUIC
// crypto/tls keeps the type of an alert to itself.
func ofAlert(err error) Code {
	var (
		alert tls.AlertError
		op    *net.OpError
		text  string
	)
	switch {
	case errors.As(err, &alert):
		text = alert.Error()
	case errors.As(err, &op) && op.Op == "remote error" && op.Err != nil:
		text = op.Err.Error()
	default:
		return ""
	}
	switch {
	case strings.Contains(text, "certificate"), strings.Contains(text, "access denied"):
		return CertRefused
	case strings.Contains(text, "application protocol"):
		return TLSIntercepted
	}
	return HandshakeFailed
}

func ofDNS(err error) Code {
	var dns *net.DNSError
	switch {
	case !errors.As(err, &dns):
		return ""
	case dns.IsNotFound:
		return DNSNotFound
	}
	return DNSFailed
}

func ofFile(err error) Code {
	var (
		path *fs.PathError
		link *os.LinkError
		op   *net.OpError
	)
	named := errors.As(err, &path) || errors.As(err, &link)
	switch refusal := FileRefusal(err); {
	case refusal == FileInTheWay && !named: // of something else that is no file
		return ""
	case errors.As(err, &op) && !isUnix(op) && !named: // a firewall or a sandbox denies the network by the same name
		return ""
	case refusal != "":
		return refusal
	case errors.Is(err, fs.ErrNotExist):
		return FileNotFound
	case named:
		return FileFailed
	}
	return ""
}

// FileRefusal is why the system does not do something with a file, as far as a
// person can do something about it: FileDenied, FileReadOnly, DiskFull, or
// FileInTheWay; "" for no error, or another one. Windows has numbers for it that
// package syscall does not name.
func FileRefusal(err error) Code {
	switch {
	case isAny(err, syscall.EROFS), isWindows(err, 19): // ERROR_WRITE_PROTECT
		return FileReadOnly
	case isAny(err, syscall.ENOSPC, syscall.EFBIG, syscall.EDQUOT), isWindows(err, 39, 112): // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
		return DiskFull
	case errors.Is(err, fs.ErrPermission):
		return FileDenied
	case isMissing(err):
		return ""
	case isAny(err, fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR, syscall.ENOTEMPTY, syscall.ELOOP), isWindows(err, 267, 1921): // ERROR_DIRECTORY, ERROR_CANT_RESOLVE_FILENAME
		return FileInTheWay
	}
	return ""
}

// isMissing knows what is only not there. Windows has one number, ENOTDIR for Go,
// for a folder that is missing and for a file in the place of a folder: who makes a
// folder, and those above it, has met the file.
func isMissing(err error) bool {
	var path *fs.PathError
	return errors.Is(err, fs.ErrNotExist) && !(errors.As(err, &path) && path.Op == "mkdir")
}

func ofNetwork(err error) Code {
	var (
		op      *net.OpError
		timeout interface{ Timeout() bool }
	)
	if errors.As(err, &op) && (op.Op == "listen" || isUnix(op)) {
		return "" // of this machine
	}
	switch {
	case isAny(err, syscall.ECONNREFUSED), isWindows(err, 10061):
		return ProxyRefused
	case isAny(err, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN), isWindows(err, 10050, 10051, 10065):
		return NetworkUnreachable
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return ProxyTimeout
	case isAny(err, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed), isWindows(err, 10053, 10054):
		return ConnectionLost
	case errors.As(err, &timeout) && timeout.Timeout():
		return ProxyTimeout
	case errors.As(err, &op):
		return ProxyUnreachable
	}
	return ""
}

// isUnix tells that it is about a socket that is a file.
func isUnix(op *net.OpError) bool { return strings.HasPrefix(op.Net, "unix") }

func ofContext(err error) Code {
	switch {
	case isAny(err, context.DeadlineExceeded, os.ErrDeadlineExceeded):
		return ProxyTimeout
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return ""
}

func isAny(err error, all ...error) bool {
	for _, one := range all {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// isWindows looks for numbers that mean something else on other systems.
func isWindows(err error, all ...syscall.Errno) bool {
	var errno syscall.Errno
	if runtime.GOOS != "windows" || !errors.As(err, &errno) {
		return false
	}
	for _, one := range all {
		if errno == one {
			return true
		}
	}
	return false
}
