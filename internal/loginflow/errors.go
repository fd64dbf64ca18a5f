// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// exitError is the exit code of the errors of this package, but for wrong usage.
const exitError = 1

// Each error of this package says what to do next, in Hints, and with which code
// the program ends because of it.

// otherWay is a hint that several of them have.
const otherWay = "sign in another way with --auth=NAME, or ask your Teleport administrator"

var (
	errNoProxy      = &usage.Error{Usage: "tshmcp login ADDR", Err: errors.New("which cluster? name the address of its Teleport proxy, such as teleport.example.com")}
	errNoUser       = usage.Errorf("which user? give the name with --user")
	errNotRead      = errcode.Hinted(errcode.Interrupted, "the cluster's message was not answered with Enter")
	errNoPassword   = errcode.Hinted(errcode.PasswordMissing, "no password was given")
	errNoCode       = errcode.Hinted(errcode.PasswordMissing, "the cluster asks for a one-time code, and none was given", "give it on the line after the password")
	errPasswordless = errcode.Hinted(errcode.PasskeyUnsupported,
		"passwordless sign-in needs a security key in this program, which tshmcp does not support",
		"--auth=local asks for the password, and takes your passkey in the browser")
)

// NobodyError tells that there is no terminal to ask a person on.
type NobodyError struct{ Err error }

func (e *NobodyError) Error() string           { return "there is no terminal to ask for the password on" }
func (e *NobodyError) Unwrap() error           { return e.Err }
func (e *NobodyError) ExitCode() int           { return exitError }
func (e *NobodyError) ErrorCode() errcode.Code { return errcode.NoTerminal }
func (e *NobodyError) Hints() []string {
	return []string{"--password-stdin reads it from stdin, and a one-time code from the next line"}
}

// UnattendedError tells that the login takes somebody who can be asked.
type UnattendedError struct{ Proxy string }

func (e *UnattendedError) Error() string           { return "the cluster asks for a password" }
func (e *UnattendedError) ExitCode() int           { return exitError }
func (e *UnattendedError) ErrorCode() errcode.Code { return errcode.PasswordMissing }
func (e *UnattendedError) Hints() []string {
	return []string{"run: " + plain.Command("tshmcp", "login", "--proxy="+e.Proxy)}
}

// HeadlessOffError tells that the cluster has no headless logins.
type HeadlessOffError struct{ Cluster string }

func (e *HeadlessOffError) Error() string {
	return plain.Line(e.Cluster) + " does not allow headless logins"
}
func (e *HeadlessOffError) Hints() []string         { return []string{otherWay} }
func (e *HeadlessOffError) ExitCode() int           { return exitError }
func (e *HeadlessOffError) ErrorCode() errcode.Code { return errcode.LoginKindOff }

// ConnectorTypeError tells that the cluster signs users in by something new.
type ConnectorTypeError struct{ Cluster, Type string }

func (e *ConnectorTypeError) Error() string {
	return fmt.Sprintf("%s signs users in by %q, which tshmcp does not know", plain.Line(e.Cluster), e.Type)
}
func (e *ConnectorTypeError) Hints() []string         { return []string{otherWay} }
func (e *ConnectorTypeError) ExitCode() int           { return exitError }
func (e *ConnectorTypeError) ErrorCode() errcode.Code { return errcode.LoginKindOff }

// UnknownConnectorError tells that the cluster has no connector of the name
// that was given.
type UnknownConnectorError struct {
	Err     error
	Similar []string // ways to sign in that may have been meant
}

func (e *UnknownConnectorError) Error() string           { return e.Err.Error() }
func (e *UnknownConnectorError) Unwrap() error           { return e.Err }
func (e *UnknownConnectorError) ExitCode() int           { return exitError }
func (e *UnknownConnectorError) ErrorCode() errcode.Code { return errcode.ConnectorUnknown }
func (e *UnknownConnectorError) Hints() []string {
	return append(similar.Hint(e.Similar), "--auth takes a connector of the cluster, local or headless; without it the cluster's default is used")
}

// unknownConnector is an *UnknownConnectorError around err if the cluster says so
// in it, else err.
func unknownConnector(err error) error {
	var refused *teleport.APIError
	if errors.As(err, &refused) && strings.Contains(refused.Message, "invalid connector name") {
		return &UnknownConnectorError{Err: err}
	}
	return err
}
