// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// testHost is a machine without a login and without a network.
func testHost(t *testing.T, in string, out io.Writer) Host {
	return Host{
		Streams: Streams{In: strings.NewReader(in), Out: out},
		Clusters: &access.Clusters{
			Store: &creds.Store{Dir: t.TempDir()}, Now: time.Now,
			Dial:        func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nothing answers") },
			UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil },
		},
		StateDir: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Tell: func(string) {}, Report: func(error) {},
		Explain: func(err error) (string, []string, int) {
			return err.Error(), []string{"log in"}, access.ExitNotLoggedIn
		},
		Closed: func() string { return "no browser here" },
		SignIn: func(context.Context, string, func()) error { return errors.New("nobody is to be sent to the browser") },
	}
}

// TestRunAnswersWithoutALogin: a client that starts the bridge before its user has
// logged in gets an answer to each request, and the process ends with stdin.
func TestRunAnswersWithoutALogin(t *testing.T) {
	var out strings.Builder
	host := testHost(t, `{"jsonrpc":"2.0","id":7,"method":"tools/list"}`+"\n", &out)
	if err := Run(t.Context(), Flags{App: "notes"}, access.Source{Addr: "p.example.com:443"}, host); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, `"id":7`) || !strings.Contains(got, "login_required") || !strings.Contains(got, "log in") {
		t.Errorf("%s", got)
	}
}

// TestOpening: the flags and the source say whether the user is sent to the
// browser, and what is kept.
func TestOpening(t *testing.T) {
	own := access.Source{Addr: "p.example.com:443"}
	for _, tt := range []struct {
		name           string
		flags          Flags
		source         access.Source
		gate, remember bool
	}{
		{"a login", Flags{}, own, true, true},
		{"by name", Flags{Login: LoginAuto}, own, true, true},
		{"no browser", Flags{Login: LoginNever}, own, false, true},
		{"an identity file", Flags{}, access.Source{Addr: own.Addr, Identity: "/id"}, true, false},
		{"no cluster is known yet", Flags{}, access.Source{}, true, false},
	} {
		o := &opening{Host: testHost(t, "", io.Discard), Flags: tt.flags, source: tt.source}
		o.remember()
		cfg := o.way()
		if (cfg.Gate != nil) != tt.gate || (o.memory != nil) != tt.remember || (cfg.Known != nil) != tt.remember {
			t.Errorf("%s: gate %v, memory %v", tt.name, cfg.Gate, o.memory)
		}
	}
}
