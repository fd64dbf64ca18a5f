// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

var (
	// ErrTimeout tells that the browser did not come back in time. A login
	// that the proxy ends on a page of its own looks the same
	// (protocol.md 2.4).
	ErrTimeout = errors.New("the login was not finished in the browser in time")
	// ErrNoBrowser is what Show gets when no browser was to be opened.
	ErrNoBrowser = errors.New("no browser was asked for")
)

// DeniedError tells that the cluster refused the login.
type DeniedError struct {
	Message string // the server's text on one line, without control characters
}

func (e *DeniedError) Error() string {
	if e.Message == "" {
		return "the cluster denied the login without a reason"
	}
	return "the cluster denied the login: " + e.Message
}

// NotServedError tells that the proxy does not know logins of the connector's
// type: those of type oidc and saml exist in Enterprise clusters only.
type NotServedError struct {
	Type string // "oidc" or "saml"
	Err  error  // the *teleport.APIError
}

func (e *NotServedError) Error() string {
	return fmt.Sprintf("the proxy serves no %s logins: they need a Teleport Enterprise cluster", e.Type)
}

func (e *NotServedError) Unwrap() error { return e.Err }

// BlurredError tells that the cluster refused to begin a login and keeps the
// reason to its own log.
type BlurredError struct {
	Connector string
	Err       error // the *teleport.APIError
}

func (e *BlurredError) Error() string {
	return fmt.Sprintf("the cluster refused to begin a login with the connector %q and does not tell why", e.Connector)
}

func (e *BlurredError) Unwrap() error { return e.Err }

// CallbackError tells that the cluster does not send its users' browsers to
// the address at which this program listens for them.
type CallbackError struct {
	Base      string // http://host:port, of the callback
	Connector string
	Err       error // the *teleport.APIError
}

func (e *CallbackError) Error() string {
	return fmt.Sprintf("the cluster's connector %q does not allow logins that end at %s", e.Connector, e.Base)
}

func (e *CallbackError) Unwrap() error { return e.Err }

// deniedError is the error for the server's text in a callback.
func deniedError(text string) error {
	message := clean(text)
	if policy := teleport.PolicyOf(message); policy != nil {
		return policy
	}
	return &DeniedError{Message: message}
}
