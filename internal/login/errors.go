// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Errors of this package that a person can do something about say what, in
// Hints, and with which code the program ends because of them, in ExitCode.
const exitError = 1

// otherWay is a hint that several of them have.
const otherWay = "sign in another way with --auth=NAME, or ask your Teleport administrator"

var (
	// ErrTimeout tells that the browser did not come back in time. A login
	// that the proxy ends on a page of its own looks the same
	// (protocol.md 2.4).
	ErrTimeout = errcode.Hinted(errcode.SignInTimeout, "nobody signed in in time", "run the command again; --browser=none prints the link")
	// ErrNoBrowser is what Show gets when no browser was to be opened.
	ErrNoBrowser = errors.New("no browser was asked for")
)

// DeniedError tells that the cluster refused the login.
type DeniedError struct {
	Message string // the server's text on one line, without control characters
}

func (e *DeniedError) Error() string {
	if e.Message == "" {
		return "the sign-in was refused without a reason"
	}
	return "the sign-in was refused: " + e.Message
}

func (e *DeniedError) Hints() []string {
	if teleport.IsLock(e.Message) {
		return []string{teleport.LockHint}
	}
	return []string{"run the command again with another account, or ask your Teleport administrator"}
}
func (e *DeniedError) ExitCode() int { return exitError }

func (e *DeniedError) ErrorCode() errcode.Code {
	if teleport.IsLock(e.Message) {
		return errcode.Locked
	}
	return errcode.SignInDenied
}

// ListenError tells that the browser cannot be awaited.
type ListenError struct {
	Addr string // host:port that was asked for; empty: a free port of this machine
	Err  error
}

func (e *ListenError) Error() string { return "listen for the browser: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *ListenError) Unwrap() error { return e.Err }
func (e *ListenError) Hints() []string {
	if e.Addr == "" {
		return []string{"the browser's answer arrives at a free port of 127.0.0.1: something keeps programs on this machine from listening there"}
	}
	return []string{"--bind-addr takes an address of this machine and a free port that you may use, for example 127.0.0.1:8080"}
}
func (e *ListenError) ExitCode() int           { return exitError }
func (e *ListenError) ErrorCode() errcode.Code { return errcode.ListenFailed }

// NotServedError tells that the proxy does not know logins of the connector's
// type: those of type oidc and saml exist in Enterprise clusters only.
type NotServedError struct {
	Type string // "oidc" or "saml"
	Err  error  // the *teleport.APIError
}

func (e *NotServedError) Error() string {
	return fmt.Sprintf("the proxy offers no sign-in with %s: that needs a Teleport Enterprise cluster", e.Type)
}

func (e *NotServedError) Unwrap() error           { return e.Err }
func (e *NotServedError) Hints() []string         { return []string{otherWay} }
func (e *NotServedError) ExitCode() int           { return exitError }
func (e *NotServedError) ErrorCode() errcode.Code { return errcode.LoginKindOff }

// BlurredError tells that the cluster refused to begin a login and keeps the
// reason to its own log.
type BlurredError struct {
	Connector string
	Err       error // the *teleport.APIError
}

func (e *BlurredError) Error() string {
	return fmt.Sprintf("the cluster refused to start a sign-in with the connector %q and does not say why", e.Connector)
}

func (e *BlurredError) Unwrap() error { return e.Err }
func (e *BlurredError) Hints() []string {
	return []string{
		"the cluster may have changed or removed the connector, or not allow such a sign-in; the log of its auth service has the reason: ask your Teleport administrator",
		"or sign in another way with --auth=NAME",
	}
}
func (e *BlurredError) ExitCode() int           { return exitError }
func (e *BlurredError) ErrorCode() errcode.Code { return errcode.SignInNotBegun }

// CallbackError tells that the cluster does not send its users' browsers to
// the address at which this program listens for them.
type CallbackError struct {
	Base      string // http://host:port, of the callback
	Connector string
	Err       error // the *teleport.APIError
}

func (e *CallbackError) Error() string {
	return fmt.Sprintf("the cluster's connector %q does not allow sign-ins that end at %s", e.Connector, e.Base)
}

func (e *CallbackError) Unwrap() error { return e.Err }
func (e *CallbackError) Hints() []string {
	return []string{"127.0.0.1 and localhost are always allowed, other addresses by the connector's client_redirect_settings: ask your Teleport administrator"}
}
func (e *CallbackError) ExitCode() int           { return exitError }
func (e *CallbackError) ErrorCode() errcode.Code { return errcode.CallbackNotAllowed }

// deniedError is the error for the server's text in a callback.
func deniedError(text string) error {
	message := clean(text)
	if policy := teleport.PolicyOf(message); policy != nil {
		return policy
	}
	return &DeniedError{Message: message}
}
