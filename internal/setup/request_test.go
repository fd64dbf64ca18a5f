// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"
	"testing"
)

// TestRequests: what cannot be carried out is refused, and a person is asked only
// where nothing is said and somebody is there.
func TestRequests(t *testing.T) {
	notes := []string{"notes"}
	for _, tt := range []struct {
		name     string
		request  Request
		attended bool
		want     string // beginning of the error
		picks    bool
	}{
		{"names", Request{Names: notes}, false, "", false},
		{"nothing, and a person", Request{}, true, "", true},
		{"nothing, for a client", Request{Clients: "claude", DryRun: true}, true, "", true},
		{"nothing, and nobody", Request{}, false, "name the MCP servers, or give --all, --labels", false},
		{"two ways", Request{Names: notes, All: true}, true, "give names, --all, or", false},
		{"labels and a query are one way", Request{Labels: []string{"a=b"}, Query: "x"}, false, "", false},
		{"no label", Request{Labels: []string{"a"}}, false, "--labels takes K=V", false},
		{"a list", Request{List: true}, false, "", false},
		{"a list of servers", Request{List: true, Query: "x"}, false, "--list-clients takes no", false},
		{"a list to print", Request{List: true, Print: true}, false, "--list-clients cannot be combined with", false},
		{"remove", Request{Remove: true, All: true, Clients: "claude"}, false, "", false},
		{"remove nothing", Request{Remove: true, Clients: "claude"}, true, "name the MCP servers, or give --all", false},
		{"remove from nowhere", Request{Remove: true, All: true}, true, "name the clients", false},
		{"remove by label", Request{Remove: true, Labels: []string{"a=b"}, Clients: "claude"}, true, "--remove takes names", false},
		{"print a removal", Request{Remove: true, All: true, Print: true}, true, "--print cannot be combined with", false},
		{"a trial without clients", Request{Names: notes, DryRun: true}, true, "name the clients", false},
		{"a project without clients", Request{Names: notes, Scope: "project"}, true, "--scope=project needs", false},
		{"no scope", Request{Names: notes, Scope: "world"}, true, "--scope takes user or project", false},
		{"no style", Request{Names: notes, Style: "wide"}, true, "--json-format takes", false},
		{"no format", Request{Names: notes, Format: "emacs", Clients: "./a"}, true, "--format: there is no MCP client", false},
		{"a key of no file", Request{Names: notes, Key: "a"}, true, "--format and --key need", false},
		{"an empty key", Request{Names: notes, Key: "a..b", Clients: "./a"}, true, "--key takes keys", false},
		{"a key", Request{Names: notes, Key: "/a.b/c", Clients: "./a"}, true, "", false},
	} {
		r := tt.request
		if r.Scope == "" {
			r.Scope = "user"
		}
		r.Default(func(string) string { return "" })
		err := r.Check(func() bool { return tt.attended })
		if (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if err == nil && r.Picks() != tt.picks {
			t.Errorf("%s: asks a person: %v", tt.name, r.Picks())
		}
	}
}

func TestRequestDefaults(t *testing.T) {
	getenv := func(name string) string {
		return map[string]string{"TELEPORT_MCP_CLIENT_CONFIG": "cursor", "TELEPORT_MCP_CONFIG_JSON_FORMAT": "none"}[name]
	}
	for _, tt := range []struct {
		request        Request
		clients, style string
	}{
		{Request{}, "cursor", "none"},
		{Request{Clients: "claude", Style: "pretty"}, "claude", "pretty"},
		{Request{List: true}, "", "none"},
	} {
		r := tt.request
		if r.Default(getenv); r.Clients != tt.clients || r.Style != tt.style {
			t.Errorf("%+v: %s, %s", tt.request, r.Clients, r.Style)
		}
	}
}

func TestKeys(t *testing.T) {
	for typed, want := range map[string]string{"": "", "a.b": "a|b", "/a.b/c": "a.b|c", "a": "a"} {
		if got := strings.Join((&Request{Key: typed}).keys(), "|"); got != want {
			t.Errorf("%q: %s", typed, got)
		}
	}
}
