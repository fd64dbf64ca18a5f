// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// ReachError tells that it was the way to the proxy that failed: dialling it, TLS
// with it or with the auth service behind it, or waiting for its answer. The
// network has the same errors for what listens on this machine, and for files;
// what to do is another thing then.
type ReachError struct {
	Auth bool // it was TLS with the auth service
	// Skew is how far the cluster's clock is ahead of this machine's, as far as
	// anybody says, where a certificate is not valid because of that; else 0.
	Skew time.Duration
	Addr string // of the proxy, where a person is told which one was not reached; else empty
	Err  error
}

// Error leaves out how the system says where it dialled, if the address is known.
func (e *ReachError) Error() string {
	if why := undialled(e.Err); why != "" && e.Addr != "" && !isSilent(e.Err) {
		return "cannot reach " + e.Addr + ": " + why
	}
	return errcode.Words(e.Err)
}

// isSilent tells that the text of an error says whose silence it is about.
func isSilent(err error) bool {
	var silent *errcode.SilentError
	return errors.As(err, &silent)
}

// undialled is why no connection was made, in a few words; empty if there was one, or
// something on the way did not make it.
func undialled(err error) string {
	var name *net.DNSError
	var dial *net.OpError
	var call *os.SyscallError
	var several *AddressesError
	switch {
	case errors.As(err, &several):
		_, why, _ := strings.Cut(several.Error(), several.Addr+": ")
		return why
	case errors.As(err, &name) && name.IsTimeout:
		return "the name servers did not answer"
	case errors.As(err, &name):
		return errcode.Clause(name.Err)
	case !errors.As(err, &dial) || dial.Op != "dial":
		return ""
	case errors.As(dial.Err, &call):
		return errcode.Words(call.Err)
	}
	return errcode.Words(dial.Err)
}

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
	if e.Skew != 0 {
		return errcode.ClockWrong
	}
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

// What to do about somebody who is there and says nothing.
const (
	muteHint = "something takes connections there and says nothing: check the port of --proxy, and whether a firewall or the network's proxy lets you pass"
	busyHint = "the proxy is there, and no answer comes: try again; if it stays so, check your network or VPN, and ask your Teleport administrator whether the cluster is well"
)

func (e *ReachError) hint() string {
	if hint := e.tlsHint(); hint != "" {
		return hint
	}
	return wayHints[errcode.Or(e.Err, errcode.ProxyUnreachable)]
}

// wayHints are for what the system says of the network, and TLS of a handshake that
// the other end breaks off.
var wayHints = map[errcode.Code]string{
	errcode.DNSNotFound:        unresolvedHint,
	errcode.DNSFailed:          unresolvedHint,
	errcode.ProxyRefused:       "nothing listens at that address: check the host and port of --proxy",
	errcode.ProxyTimeout:       lateHint,
	errcode.ProxyUnreachable:   "check --proxy and your network or VPN",
	errcode.NetworkUnreachable: "this machine has no way to the proxy: check --proxy and your network or VPN",
	errcode.ConnectionLost:     "the proxy, or something on the way, ended the connection: if it does so again, check the port of --proxy, and whether a firewall or the network's proxy lets you pass",
	errcode.HandshakeFailed:    "the proxy, or something on the way, broke off the TLS handshake: check the port of --proxy, and whether something on the way inspects TLS",
	errcode.TLSIntercepted:     alpnHint,
	errcode.ProxyCertUntrusted: "the certificate that answers cannot be trusted: ask your Teleport administrator, and whether something on the way inspects TLS",
	errcode.CertRefused:        "the proxy refused the certificate: run tshmcp login again, or have a new identity file written",
}

const unresolvedHint = "the name of the proxy cannot be resolved: check --proxy and your network or VPN"

// tlsHint is for what TLS says.
func (e *ReachError) tlsHint() string {
	var (
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		header   tls.RecordHeaderError
	)
	stranger := errors.As(e.Err, &unknown)
	misnamed := errors.As(e.Err, &hostname)
	switch {
	case e.Skew != 0:
		return Skewed(e.Skew) + ", as far as an unverified proxy can be trusted: set it right"
	case e.Auth && (stranger || misnamed):
		return "what answers for the cluster's auth service is not signed by the CA of your login: sign in again; if that does not help, something on the way ends TLS and lets no websocket through"
	case stranger:
		return "the proxy's certificate comes from a private CA: give it with --ca-file=FILE (tshmcp login remembers it)"
	case errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired:
		return "the proxy's certificate has expired, or this machine's clock is wrong"
	case misnamed:
		return "the proxy's certificate is for another name: use the address that your Teleport administrator gave you"
	case errors.As(e.Err, &header):
		return "the proxy did not answer with TLS: check the port of --proxy"
	}
	return ""
}
