// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"runtime"
	"strings"
	"testing"
)

// TestCommandsInHints: a command line with a name of the cluster's runs what is
// seen when it is pasted.
func TestCommandsInHints(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the quotes of sh are looked for")
	}
	const name = "x; rm -rf ~"
	for want, e := range map[string]interface{ Hints() []string }{
		"tsh mcp connect 'x; rm -rf ~'":             &ServerTypeError{Name: name, Type: "quic", MCP: true},
		"tsh mcp connect 'x; rm -rf ~' on a device": &DeviceNeededError{Name: name},
		"tsh mcp connect … on a device":             &DeviceNeededError{Name: "x\u202e"},
		"tshmcp ls '--cluster=x; rm -rf ~' shows":   &UnknownServerError{Name: "y", Leaf: name},
		"tshmcp login '--proxy=[::1]:443'":          &NotLoggedInError{Proxy: "[::1]:443"},
		"tshmcp login --proxy=a.test:443":           &NotLoggedInError{Proxy: "a.test:443"},
	} {
		if got := strings.Join(e.Hints(), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
