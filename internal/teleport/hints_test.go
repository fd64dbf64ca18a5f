// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
)

// TestErrorsExplainThemselves is what each error says to do, and its exit code.
func TestErrorsExplainThemselves(t *testing.T) {
	for _, test := range []struct {
		err interface {
			error
			Hints() []string
			ExitCode() int
		}
		text, hint string
		code       int
	}{
		{&AuthError{Code: rpc.PermissionDenied}, "", "a role may be missing", 1},
		{&AuthError{Code: rpc.Unavailable}, "", "", 0}, // its cause has more to say
		{&AuthError{Code: rpc.Unimplemented}, "", "which one to upgrade", 1},
		{&LockedError{User: "alice", Cluster: "c"}, "alice is locked in c", "locked you out", 1},
		{&PolicyError{}, "trusted device", "use tsh", 1},
		{&AppNotFoundError{Name: "x"}, "", "tshmcp ls", 1},
		{&EgressError{Err: io.EOF}, "the connection was closed", "HTTPS_PROXY names it", 1},
		{&EgressError{Err: io.EOF, Setting: "all_proxy"}, "the connection was closed", "all_proxy names it", 1},
		{&EgressSettingError{Setting: "ALL_PROXY", Why: "x"}, "ALL_PROXY is not the address of a proxy: x", "# as %23", 2},
		{&EgressError{Status: 407}, "407", "right user and password", 1},
		{&EgressError{Status: 403}, "403", "network's administrator", 1},
		{&UpgradeError{Forbidden: true}, "", "TELEPORT_TLS_ROUTING_CONN_UPGRADE says no", 1},
		{&UpgradeError{Status: 404}, "404", "15.1", 1},
		{&UpgradeError{Err: io.EOF}, "upgraded to a websocket: the connection was closed", "must let websockets through", 1},
		{&NoTLSRoutingError{Cluster: "c"}, "c runs without", "proxy_listener_mode: multiplex", 1},
		{ErrCertNotAsked, "was not asked for", "lets no websocket through", 1},
		{ErrNoHostCA, "did not come with", "teleport-host-ca.crt", 1},
		{errALPN, "no protocol was negotiated", "removes ALPN", 1},
		{ErrNotTeleport, "not that of a Teleport proxy", "check --proxy", 1},
	} {
		hints := strings.Join(test.err.Hints(), "\n")
		if test.err.ExitCode() != test.code || !strings.Contains(hints, test.hint) || !strings.Contains(test.err.Error(), test.text) {
			t.Errorf("%T: %v; exit code %d, hints %q", test.err, test.err, test.err.ExitCode(), hints)
		}
	}
}

// TestPolicyOfCall is a call that is denied for want of a trusted device: a
// denial, with another thing to do about it.
func TestPolicyOfCall(t *testing.T) {
	err := (&Auth{id: &Identity{}}).failed(t.Context(), "issue app certificate", &rpc.Error{Code: rpc.PermissionDenied, Message: "Unauthorized device"})
	var (
		policy *PolicyError
		denied *AuthError
	)
	if !errors.As(err, &policy) || !errors.As(err, &denied) || !denied.Denied() ||
		!strings.HasSuffix(err.Error(), "does not support device trust and hardware keys: Unauthorized device") {
		t.Errorf("error %v", err)
	}
}

// TestPolicyOf tells policies from locks, whose reasons are free text.
func TestPolicyOf(t *testing.T) {
	for text, want := range map[string]string{
		"private key policy not met: hardware_key_touch":             "hardware_key_touch",
		"private key policy not satisfied: hardware_key":             "hardware_key",
		"access denied: trusted device required":                     "",
		`lock targeting User:"a" is in force: trust device`:          "no",
		`lock targeting Device:"a" is in force: unauthorized device`: "no",
		"access denied": "no",
	} {
		got := "no"
		if policy := PolicyOf(text); policy != nil {
			got = policy.Policy
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
