// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// TestErrorsExplainThemselves is what each error says, what to do about it, and
// the exit code of the program.
func TestErrorsExplainThemselves(t *testing.T) {
	for _, test := range []struct {
		err        error
		text, hint string
		code       int
	}{
		{errNoProxy, "name the address of its Teleport proxy", "usage: tshmcp login ADDR", usage.ExitCode},
		{errNoUser, "which user?", "", usage.ExitCode},
		{errNotRead, "not answered with Enter", "", exitError},
		{errNoPassword, "no password was given", "", exitError},
		{errNoCode, "none was given", "the line after the password", exitError},
		{errPasswordless, "a security key in this program", "--auth=local", exitError},
		{&NobodyError{Err: &terminal.NoneError{}}, "no terminal to ask for the password on", "--password-stdin", exitError},
		{&UnattendedError{Proxy: "a:443"}, "asks for a password", "run: tshmcp login --proxy=a:443", exitError},
		{&HeadlessOffError{Cluster: "acme\x1b[31m\n"}, "acme [31m  does not allow headless logins", otherWay, exitError},
		{&ConnectorTypeError{Cluster: "acme\n", Type: "telepathy"}, `acme  signs users in by "telepathy", which`, otherWay, exitError},
		{unknownConnector(&teleport.APIError{Status: 400, Path: "/webapi/ping/x", Message: "invalid connector name"}), "invalid connector name", "--auth takes a connector", exitError},
	} {
		own, ok := test.err.(interface {
			Hints() []string
			ExitCode() int
		})
		if !ok {
			t.Errorf("%T says nothing", test.err)
			continue
		}
		hints := strings.Join(own.Hints(), "\n")
		if !strings.Contains(test.err.Error(), test.text) || !strings.Contains(hints, test.hint) || (hints == "") != (test.hint == "") || own.ExitCode() != test.code {
			t.Errorf("%v: hints %q, exit code %d", test.err, hints, own.ExitCode())
		}
	}
	if plain := (&teleport.APIError{Status: 500}); unknownConnector(plain) != error(plain) {
		t.Error("every error is about the connector")
	}
}
