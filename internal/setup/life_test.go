// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the life of an entry (servers.go, target.go, plan.go, write.go, list.go, remove.go).

package setup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// The life of an entry: a person chooses servers and clients, entries are
// planned, written, listed, and taken out again (servers.go, target.go, plan.go,
// write.go, list.go, remove.go).

func testMachine(home string) *Machine {
	return &Machine{
		Env: settings.Env{GOOS: runtime.GOOS, Home: home, Getenv: func(name string) string {
			return map[string]string{"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "user:secret@x"}[name]
		}},
		Getwd:      func() (string, error) { return filepath.Join(home, "project"), nil },
		LookPath:   func(string) (string, error) { return "", errors.New("not there") },
		Executable: func() (string, error) { return "/opt/tshmcp", nil },
		CalledAs:   func() (string, error) { return "/opt/tshmcp", nil },
	}
}

// catalog is a cluster of three apps, one of which connect cannot bridge.
type catalog struct{}

func (catalog) AppsWhere(context.Context, string) ([]teleport.App, error) {
	return []teleport.App{
		{Name: "notes", Labels: map[string]string{"env": "demo"}},
		{Name: "wiki", Labels: map[string]string{"env": "prod"}},
		{Name: "old"},
	}, nil
}

func (catalog) Roles(context.Context) ([]teleport.Role, error) { return nil, nil }

func selection(names []string, labels ...string) Selection {
	return Selection{
		Names: names, Labels: labels, Cluster: "demo", User: "ann",
		Bridgeable: func(app teleport.App) error {
			if app.Name == "old" {
				return errors.New("not to be bridged")
			}
			return nil
		},
		TooOld:  func(teleport.App) error { return nil },
		Unknown: func(name string, all []teleport.App) error { return errors.New("unknown " + name) },
	}
}

func serverNames(t *testing.T, s Selection) string {
	t.Helper()
	servers, _, err := s.Servers(t.Context(), catalog{}, nil)
	if err != nil {
		return "error: " + err.Error()
	}
	var names []string
	for _, s := range servers {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func TestSelection(t *testing.T) {
	for _, test := range []struct {
		selection Selection
		want      string
	}{
		{selection(nil), "notes wiki"},
		{selection(nil, "env=prod"), "wiki"},
		{selection(nil, "env=none"), "error: demo has no matching MCP server that ann may use"},
		{selection([]string{"wiki", "wiki"}), "wiki"},
		{selection([]string{"old"}), "error: not to be bridged"},
		{selection([]string{"x"}), "error: unknown x"},
	} {
		if got := serverNames(t, test.selection); got != test.want {
			t.Errorf("%v %v: %s, want %s", test.selection.Names, test.selection.Labels, got, test.want)
		}
	}
}

func TestLife(t *testing.T) {
	home := t.TempDir()
	m := testMachine(home)
	file := filepath.Join(home, ".cursor", "mcp.json")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	const before = "{\n  \"mcpServers\": {}\n}\n"
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	targets, err := Targets{Machine: m, Scope: clientcfg.UserScope}.Named("cursor", false)
	if err != nil || len(targets) != 1 || targets[0].File != file {
		t.Fatalf("%+v, %v", targets, err)
	}
	p := &Planner{
		Machine: m, Cluster: Cluster{Proxy: "teleport.example.com:443", Leaf: "leaf", NoTSH: true}, Prefix: Prefix,
		Headers: []string{"X-Team: blue"}, Options: clientcfg.Options{Self: "/opt/tshmcp"},
	}
	plans, failed := p.Plans(t.Context(), Jobs(targets, []Server{{Name: "notes"}}))
	if err := failed.OrNil(); err != nil || len(plans) != 1 || !plans[0].Changes() {
		t.Fatalf("%+v, %v", plans, err)
	}
	e := plans[0].Entries["teleport-mcp-leaf_notes"]
	args := []string{"connect", "notes", "--proxy=teleport.example.com:443", "--cluster=leaf", "--no-tsh", "--header=X-Team:blue"}
	if e.Command != "/opt/tshmcp" || !slices.Equal(e.Args, args) || e.Env["HTTPS_PROXY"] == "" || e.Env["NO_PROXY"] != "" {
		t.Errorf("entry %+v", e)
	}
	out, err := p.Write(t.Context(), plans[0])
	if err != nil || !out.Changed || out.Backup == "" || !slices.Equal(out.Names, []string{"teleport-mcp-leaf_notes"}) {
		t.Errorf("%+v, %v", out, err)
	}
	if states := m.States(targets, "/opt/tshmcp"); len(states[0].Entries) != 1 || states[0].Entries[0].Drift {
		t.Errorf("%+v", states)
	}
	removeNotes(t, m, targets)
	if data, err := os.ReadFile(file); err != nil || string(data) != before {
		t.Errorf("%s, %v", data, err)
	}
}

// removeNotes takes out the entry for notes of the leaf; that of the root, and
// of another server, would be none.
func removeNotes(t *testing.T, m *Machine, targets []Target) {
	t.Helper()
	r := &Removal{Machine: m, Names: []string{"notes"}, Leaf: "root", Root: func(string) string { return "root" }, Prefix: Prefix}
	var none *NoEntryError
	if plans, failed := r.Plans(t.Context(), targets); !errors.As(failed.OrNil(), &none) || plans != nil {
		t.Errorf("of another cluster: %v, %v", plans, failed)
	}
	r.Leaf = "leaf"
	plans, failed := r.Plans(t.Context(), targets)
	if err := failed.OrNil(); err != nil || len(plans) != 1 {
		t.Fatalf("%+v, %v", plans, err)
	}
	if out, err := r.Carry(t.Context(), plans[0]); err != nil || !out.Changed || len(out.Names) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}
