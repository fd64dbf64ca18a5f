// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// ReachError tells that it was the way to the proxy that failed: dialling it, TLS
// with it or with the auth service behind it, or waiting for its answer. The
// network has the same errors for what listens on this machine, and for files;
// what to do is another thing then.
type ReachError struct {
	Auth bool // it was TLS with the auth service
	Err  error
}

func (e *ReachError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ReachError) Unwrap() error { return e.Err }

// reaching is err as the error of the way to the proxy; nil stays nil.
func reaching(err error) error {
	if err == nil {
		return nil
	}
	return &ReachError{Err: err}
}

// ExitCode is 0 where the cause has more to say, or there is nothing to say.
func (e *ReachError) ExitCode() int {
	if errcode.Explain(e.Err) != nil || e.hint() == "" {
		return 0
	}
	return exitError
}

// ErrorCode is that of what happened on the way.
func (e *ReachError) ErrorCode() errcode.Code {
	code := errcode.Or(e.Err, errcode.ProxyUnreachable)
	if e.Auth && (code == errcode.ProxyCertUntrusted || code == errcode.ProxyCertWrongName) {
		return errcode.ClusterCertUntrusted
	}
	return code
}

// Hints name each way of not reaching the proxy.
func (e *ReachError) Hints() []string { return []string{e.hint()} }

// lateHint is for a proxy, or a cluster behind it, that did not answer.
const lateHint = "the proxy did not answer in time: check --proxy and your network or VPN"

func (e *ReachError) hint() string {
	if hint := e.tlsHint(); hint != "" {
		return hint
	}
	var dns *net.DNSError
	switch {
	case errors.As(e.Err, &dns):
		return "the name of the proxy cannot be resolved: check --proxy and your network or VPN"
	case errcode.Foreign(e.Err) == errcode.ProxyRefused:
		return "nothing listens at that address: check the host and port of --proxy"
	case errors.Is(e.Err, context.DeadlineExceeded), IsTimeout(e.Err):
		return lateHint
	}
	return ""
}

// tlsHint is for what TLS says.
func (e *ReachError) tlsHint() string {
	var (
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		alert    tls.AlertError
		header   tls.RecordHeaderError
	)
	stranger := errors.As(e.Err, &unknown)
	misnamed := errors.As(e.Err, &hostname)
	switch {
	case e.Auth && (stranger || misnamed):
		return "what answers for the cluster's auth service is not signed by the CA of your login: log in again; if that does not help, something on the way ends TLS and lets no websocket pass"
	case stranger:
		return "the proxy's certificate comes from a private CA: give it with --ca-file=FILE (tshmcp login remembers it)"
	case errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired:
		return "the proxy's certificate has expired, or this machine's clock is wrong"
	case misnamed:
		return "the proxy's certificate is for another name: use the address that your Teleport administrator gave you"
	case errors.As(e.Err, &header):
		return "the proxy did not answer with TLS: check the port of --proxy"
	case strings.Contains(e.Err.Error(), "application protocol"):
		return alpnHint
	case errors.As(e.Err, &alert):
		return "the proxy refused the certificate: run tshmcp login again, or have a new identity file written"
	}
	return ""
}
