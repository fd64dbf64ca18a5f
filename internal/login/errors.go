// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
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

// PolicyError tells that the cluster wants a login from a hardware key or a
// trusted device.
type PolicyError struct {
	Policy  string // private key policy, such as "hardware_key_touch"; "" for device trust
	Message string // the server's text, cleaned as in DeniedError
}

func (e *PolicyError) Error() string {
	if e.Policy == "" {
		return "the cluster wants a trusted device: device trust and hardware keys are not supported by tshmcp"
	}
	return fmt.Sprintf("the cluster wants a hardware key (private key policy %s): hardware keys are not supported by tshmcp", e.Policy)
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

// unmetPolicy finds the policy in both wordings that servers use.
var unmetPolicy = regexp.MustCompile(`private key policy not (?:met|satisfied): ?(\w+)`)

var deviceTexts = []string{"unauthorized device", "trusted device", "device trust", "device not trusted"}

// PolicyOf tells whether a server's text says that it wants a hardware key or a
// trusted device; nil if it is about something else.
func PolicyOf(message string) *PolicyError { return policyError(clean(message)) }

// policyError returns nil if the server's text, cleaned, is about something else.
func policyError(message string) *PolicyError {
	if IsLock(message) { // whose reason may name a device
		return nil
	}
	if m := unmetPolicy.FindStringSubmatch(message); m != nil {
		return &PolicyError{Policy: m[1], Message: message}
	}
	lower := strings.ToLower(message)
	for _, text := range deviceTexts {
		if strings.Contains(lower, text) {
			return &PolicyError{Message: message}
		}
	}
	return nil
}

// deniedError is the error for the server's text in a callback.
func deniedError(text string) error {
	message := clean(text)
	if policy := policyError(message); policy != nil {
		return policy
	}
	return &DeniedError{Message: message}
}
