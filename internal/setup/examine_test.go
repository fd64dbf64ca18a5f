// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Where no name of an entry is short enough, no command is named: that of an entry
// which has its shortest name already would take it out.
func TestLongNamesRemedy(t *testing.T) {
	cursor, _ := clientcfg.Lookup("cursor")
	s := ClientState{Target: Target{Client: cursor, File: "mcp.json"}}
	for _, test := range []struct {
		name, tool, command string
	}{
		{"teleport-mcp-notes", strings.Repeat("t", 50), "tshmcp config notes --client-config=cursor --name-prefix= && tshmcp config --remove teleport-mcp-notes --client-config=cursor"},
		{"teleport-mcp-notes", strings.Repeat("t", 60), ""},
		{"notes", strings.Repeat("t", 60), ""},
	} {
		x := &Examiner{Known: func(string) []string { return []string{"get", test.tool} }}
		got := x.long(s, ListedEntry{Name: test.name, App: "notes"})
		if len(got) != 1 || got[0].Command != test.command || (got[0].Do == onlyShorter) != (test.command == "") {
			t.Errorf("%s, %d: %+v", test.name, len(test.tool), got)
		}
	}
}

// TestNamelessEntry: what an entry without a server's name starts is not started, as
// there is nothing to find out.
func TestNamelessEntry(t *testing.T) {
	x := &Examiner{Machine: &Machine{Run: func(context.Context, string, ...string) (string, error) {
		t.Error("it was started")
		return "", nil
	}}}
	got := x.program(t.Context(), ClientState{Target: Target{File: "mcp.json"}}, ListedEntry{Name: "teleport-mcp-a", Command: "/bin/other", Drift: true})
	if len(got) != 1 || !got[0].Fatal || got[0].Do == "" {
		t.Errorf("%+v", got)
	}
}

// TestAgainWithPath: the command that writes the entry of an ordinary app anew names the
// path at which that serves MCP. Without it, it would be refused.
func TestAgainWithPath(t *testing.T) {
	s := newFileStage(t, "cursor")
	p := s.planner(Cluster{Name: "a-cluster", Proxy: "a.example.com:443"})
	p.Path = "/mcp"
	if _, err := s.write(p, "web"); err != nil {
		t.Fatal(err)
	}
	states := s.m.States([]Target{s.target}, "/opt/tshmcp")
	if len(states) != 1 || len(states[0].Entries) != 1 {
		t.Fatalf("%+v", states)
	}
	want := "tshmcp config web --client-config=cursor --proxy=a.example.com:443 --path=/mcp"
	if got := states[0].again(states[0].Entries[0]); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
