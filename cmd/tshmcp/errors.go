// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// How tshmcp speaks to a person: everything goes to stderr, one line each,
// prefixed with "tshmcp: error:" or "tshmcp: hint:", lower case, without a
// final period. An error says what happened, a hint what to do next. Only this
// file turns errors into text and exit codes.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitNotLoggedIn = 4
	exitInterrupted = 130
)

// wsaConnRefused is how Windows says ECONNREFUSED; no other system has the number.
const wsaConnRefused = syscall.Errno(10061)

// usageError is a command line that cannot be carried out.
type usageError struct {
	Usage string // the command's usage line, may be empty
	Err   error
}

func (e *usageError) Error() string { return e.Err.Error() }
func (e *usageError) Unwrap() error { return e.Err }
func (e *usageError) ExitCode() int { return exitUsage }
func (e *usageError) Hints() []string {
	if e.Usage == "" {
		return nil
	}
	return []string{"usage: " + e.Usage}
}

// report prints what went wrong and returns the exit code.
func report(ctx context.Context, w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		plain.Fprintf(w, "tshmcp: interrupted\n")
		return exitInterrupted
	}
	if stdio.IsClosed(err) { // whoever reads has what he wanted
		return exitError
	}
	var several *setup.Errors
	if errors.As(err, &several) {
		for _, err := range several.Errs {
			report(ctx, w, err)
		}
		return exitError
	}
	if errors.Is(err, terminal.ErrLeft) {
		plain.Fprintf(w, "tshmcp: left without writing anything\n")
		return exitInterrupted
	}
	text, hints, code := explain(err)
	plain.Fprintf(w, "tshmcp: error: %s\n", text)
	for _, hint := range hints {
		plain.Fprintf(w, "tshmcp: hint: %s\n", hint)
	}
	return code
}

// explained is an error that says by itself what to do next, and with which code
// the program ends because of it; 0 where its cause has more to say.
type explained interface {
	error
	Hints() []string
	ExitCode() int
}

// explain phrases an error: what happened, what to do next, and the exit code.
func explain(err error) (text string, hints []string, code int) {
	if own := findExplained(err); own != nil {
		return err.Error(), own.Hints(), own.ExitCode()
	}
	for _, kind := range []func(error) (string, []string, int){explainCobra, explainNetwork} {
		if text, hints, code := kind(err); code != 0 {
			return text, hints, code
		}
	}
	return err.Error(), nil, exitError
}

// findExplained looks where errors.As looks, in the same order. Unlike that it
// goes on where the exit code is 0.
func findExplained(err error) explained {
	if own, ok := err.(explained); ok && own.ExitCode() != 0 {
		return own
	}
	var causes []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		causes = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		causes = err.Unwrap()
	}
	for _, cause := range causes {
		if own := findExplained(cause); own != nil {
			return own
		}
	}
	return nil
}

// explainCobra is about an unknown command, for which cobra has no type.
func explainCobra(err error) (string, []string, int) {
	if !strings.HasPrefix(err.Error(), "unknown command") {
		return "", nil, 0
	}
	return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", " "), []string{"tshmcp --help lists the commands"}, exitUsage
}

// explainNetwork names each way of not reaching the proxy.
func explainNetwork(err error) (string, []string, int) {
	var (
		dns      *net.DNSError
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		alert    tls.AlertError
		header   tls.RecordHeaderError
	)
	var auth *teleport.AuthError
	hint := ""
	switch {
	case errors.As(err, &auth) && (errors.As(err, &unknown) || errors.As(err, &hostname)):
		hint = "what answers for the cluster's auth service is not signed by the CA of your login: log in again; if that does not help, something on the way ends TLS and lets no websocket pass"
	case errors.As(err, &dns):
		hint = "the name of the proxy cannot be resolved: check --proxy and your network or VPN"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, wsaConnRefused):
		hint = "nothing listens at that address: check the host and port of --proxy (443 when it has none)"
	case errors.As(err, &unknown):
		hint = "the proxy's certificate comes from a private CA: give it with --ca-file=FILE (tshmcp login remembers it)"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		hint = "the proxy's certificate has expired, or this machine's clock is wrong"
	case errors.As(err, &hostname):
		hint = "the proxy's certificate is for another name: use the address that your Teleport administrator gave you"
	case errors.As(err, &header):
		hint = "the proxy did not answer with TLS: check the port of --proxy"
	case strings.Contains(err.Error(), "application protocol"):
		return err.Error(), teleport.ErrALPN.Hints(), exitError
	case errors.As(err, &alert):
		hint = "the proxy refused the certificate: run tshmcp login again"
	case errors.Is(err, context.DeadlineExceeded), teleport.IsTimeout(err):
		hint = "the proxy did not answer in time: check --proxy and your network or VPN"
	default:
		return "", nil, 0
	}
	return err.Error(), []string{hint}, exitError
}
