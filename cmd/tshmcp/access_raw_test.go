// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect to a stdio app, while access to it comes and goes.

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestAccessToARawApp takes access away in each way, ends the server's process, asks,
// and gives it back: the request says what it is, and the next one is answered, in one
// and the same bridge.
func TestAccessToARawApp(t *testing.T) {
	t.Parallel()
	role := demo.Role([]string{"*"}, nil)
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(role),
		Apps: []testcluster.App{{
			Name: "notes", URI: "mcp+stdio://notes", Command: []string{rawtest.Arg}, Labels: map[string]string{"env": "demo"},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	home := t.TempDir()
	if err := storeLogin(t.Context(), cluster, home, "alice"); err != nil {
		t.Fatal(err)
	}
	b := startBridge(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TSHMCP_HOME=" + home, "GORACE=" + os.Getenv("GORACE")},
		"--login=never", "--proxy="+cluster.Addr())
	echo := func() string { return b.ask("tools/call", `{"name":"echo","arguments":{"text":"said"}}`) }
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	wantAnswer(t, "the first", echo(), "said")

	without, second := role, role
	without.AllowAppLabels, second.RequireSessionMFA = map[string][]string{"env": {"other"}}, true
	for _, tt := range []struct {
		name       string
		take, give func()
		want       string // "": it goes on
	}{
		{"the session is over", cluster.KillAllSessions, func() {}, ""},
		{"a role", func() { cluster.SetRole(without) }, func() { cluster.SetRole(role) }, "your roles in demo-cluster do not allow notes"},
		{"a second factor", func() { cluster.SetRole(second) }, func() { cluster.SetRole(role) }, "needs a second factor"},
		{"a lock", func() { cluster.LockUser("alice") }, func() { cluster.UnlockUser("alice") }, "is locked"},
		{"the app service", func() { cluster.SetAppOnline("notes", false) }, func() { cluster.SetAppOnline("notes", true) }, "has no MCP server"},
		{"the command", func() { cluster.Raw.SetBroken("notes", true) }, func() { cluster.Raw.SetBroken("notes", false) }, "without saying why"},
	} {
		tt.take()
		cluster.Raw.KillServers("notes")
		if tt.want != "" {
			wantAnswer(t, tt.name, b.untilTold(echo), tt.want)
		}
		tt.give()
		wantAnswer(t, tt.name+" is back", b.untilSaid(echo), "said")
	}
}

// untilTold asks until the end of the process was noticed, and what is wrong told.
func (b *rawBridge) untilTold(ask func() string) (answer string) {
	b.t.Helper()
	for range 200 {
		if answer = ask(); strings.Contains(answer, `"error"`) && failureIn(b.t, answer).Error.Data.Kind != "connection_lost" {
			return answer
		}
	}
	return answer
}

// untilSaid asks twice: one of them may be told that the session it began with is
// gone.
func (b *rawBridge) untilSaid(ask func() string) (answer string) {
	b.t.Helper()
	for range 2 {
		if answer = ask(); !strings.Contains(answer, `"error"`) {
			return answer
		}
	}
	return answer
}
