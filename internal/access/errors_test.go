// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// TestTSHHints: a login of tsh whose files others may write to can be put right, too.
func TestTSHHints(t *testing.T) {
	mode := &plainfile.ModeError{Path: "/home/alice/.tsh/a.test.yaml", Mode: 0o666, Want: 0o775}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{mode, "not everybody may change it: chmod o-w /home/alice/.tsh/a.test.yaml\nrun: tshmcp login --proxy=a.test:443"},
		{errors.New("no"), "run: tshmcp login --proxy=a.test:443"},
	} {
		if got := strings.Join((&TSHError{Proxy: "a.test:443", Err: tt.err}).Hints(), "\n"); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

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
		"tshmcp ls '--cluster=x; rm -rf ~' shows":   NewUnknownServer("y", &Cluster{Profile: &creds.Profile{}, Leaf: name}, nil),
		"tshmcp ls --proxy=a.test:443 --cluster=b shows": NewUnknownServer("y", &Cluster{
			Profile: &creds.Profile{}, Leaf: "b", Named: []string{"--proxy=a.test:443", "--cluster=b"},
		}, nil),
		"tshmcp login '--proxy=[::1]:443'": &NotLoggedInError{Proxy: "[::1]:443"},
		"tshmcp login --proxy=a.test:443":  &NotLoggedInError{Proxy: "a.test:443"},
	} {
		if got := strings.Join(e.Hints(), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
