// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

func TestExplainRoute(t *testing.T) {
	for _, test := range []struct {
		err        error
		text, hint string
	}{
		{&teleport.NoTLSRoutingError{Cluster: "demo", Err: io.EOF}, "demo runs without TLS routing", "proxy_listener_mode: multiplex"},
		{&teleport.UpgradeError{Status: 404}, "answers 404 Not Found", "15.1"},
		{&teleport.UpgradeError{Status: 502}, "answers 502 Bad Gateway", "must let websockets pass"},
		{&teleport.UpgradeError{Err: io.EOF}, "the connection was not upgraded: EOF", "must let websockets pass"},
		{&teleport.UpgradeError{Forbidden: true, Err: teleport.ErrCertNotAsked}, "must not be upgraded", upgradeEnv + " says no"},
		{teleport.ErrCertNotAsked, "was not asked for", "lets no websocket pass"},
		{teleport.ErrNoHostCA, "did not come with the identity", "teleport-host-ca.crt"},
		{teleport.ErrALPN, "no protocol was negotiated", "takes away ALPN"},
	} {
		text, hints, code := explain(fmt.Errorf("list apps: %w", test.err))
		if all := strings.Join(hints, "\n"); !strings.HasPrefix(text, "list apps: ") || !strings.Contains(text, test.text) || !strings.Contains(all, test.hint) || code != exitError {
			t.Errorf("%T: %q, %q, exit code %d", test.err, text, all, code)
		}
	}
}

// What one connection of a process finds out holds for all to that address.
func TestUpgradesAreShared(t *testing.T) {
	value := ""
	e := &env{getenv: func(string) string { return value }}
	proxy := func(addr string) *teleport.Proxy {
		p, err := e.newProxy(addr, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	proxy("a:443").Upgrade.Assume(true)
	if !proxy("a:443").Upgrade.Needed() || proxy("b:443").Upgrade.Needed() {
		t.Error("not shared by address")
	}
	value = "perhaps"
	var usage *usageError
	if _, err := e.newProxy("a:443", nil, false); !errors.As(err, &usage) || !strings.Contains(err.Error(), upgradeEnv) {
		t.Errorf("error %v", err)
	}
}
