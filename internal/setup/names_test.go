// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// fileStage is one client's file and those who write it.
type fileStage struct {
	t      *testing.T
	target Target
	m      *Machine
}

func newFileStage(t *testing.T, id string) *fileStage {
	t.Helper()
	m := testMachine(t.TempDir())
	targets, err := Targets{Machine: m}.Named(id, false)
	if err != nil {
		t.Fatal(err)
	}
	return &fileStage{t, targets[0], m}
}

func (s *fileStage) planner(c Cluster) *Planner {
	return &Planner{Machine: s.m, Cluster: c, Prefix: Prefix, Options: clientcfg.Options{Self: "/opt/tshmcp"}}
}

// write writes entries for servers of a cluster and returns what was said.
func (s *fileStage) write(p *Planner, servers ...string) (notes []string, err error) {
	s.t.Helper()
	var all []Server
	for _, name := range servers {
		all = append(all, Server{Name: name})
	}
	plans, failed := p.Plans(s.t.Context(), Jobs([]Target{s.target}, all))
	for _, plan := range plans {
		if _, err := p.Write(s.t.Context(), plan); err != nil {
			s.t.Fatal(err)
		}
		notes = append(notes, p.Notes(plan, all)...)
	}
	return notes, failed.OrNil()
}

// goals are the entries of the file: its names with where they lead.
func (s *fileStage) goals() string {
	s.t.Helper()
	found, err := s.target.EntriesOf(s.target.File, nil, "/opt/tshmcp")
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, f := range found {
		g, _ := goalOf(f.Entry)
		all = append(all, f.Name+" "+g.app+"@"+strings.TrimSuffix(g.proxy, ":443")+g.leaf)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (s *fileStage) remove(r Removal) {
	s.t.Helper()
	r.Machine, r.Prefix, r.Root = s.m, Prefix, func(string) string { return "" }
	plans, failed := r.Plans(s.t.Context(), []Target{s.target})
	if err := failed.OrNil(); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range plans {
		if _, err := r.Carry(s.t.Context(), p); err != nil {
			s.t.Fatal(err)
		}
	}
}

// TestTwoClusters: an entry belongs to the cluster that it is for. Another one
// with a server of the same name gets an entry of its own, again and again the
// same, and each can go without the other.
func TestTwoClusters(t *testing.T) {
	a, b := Cluster{Name: "a-cluster", Proxy: "a.example.com:443"}, Cluster{Name: "b-cluster", Proxy: "b.example.com:443"}
	for _, id := range []string{"cursor", "codex", "goose", "continue", "gemini-cli"} {
		s := newFileStage(t, id)
		if notes, err := s.write(s.planner(a), "grafana"); err != nil || len(notes) != 0 {
			t.Fatal(notes, err)
		}
		notes, err := s.write(s.planner(b), "grafana")
		if err != nil || len(notes) != 1 || !strings.Contains(notes[0], "teleport-mcp-grafana in "+s.target.File+" is for grafana --proxy=a.example.com:443 and stays as it is") {
			t.Errorf("%s: %q, %v", id, notes, err)
		}
		second := s.target.SafeName("teleport-mcp-b-cluster_grafana")
		want := second + " grafana@b.example.com, teleport-mcp-grafana grafana@a.example.com"
		for range 2 {
			if got := s.goals(); got != want {
				t.Errorf("%s: %s, want %s", id, got, want)
			}
			for _, c := range []Cluster{a, b} {
				if notes, err := s.write(s.planner(c), "grafana"); err != nil || len(notes) != 0 {
					t.Errorf("%s: again: %q, %v", id, notes, err)
				}
			}
		}
		s.remove(Removal{Names: []string{"grafana"}, Proxy: a.Proxy})
		if got := s.goals(); got != second+" grafana@b.example.com" {
			t.Errorf("%s: left is %s", id, got)
		}
		// It keeps its name, also when the first is free again.
		if _, err := s.write(s.planner(b), "grafana"); err != nil || s.goals() != second+" grafana@b.example.com" {
			t.Errorf("%s: %s, %v", id, s.goals(), err)
		}
	}
}

// TestTwoClustersOneName: clusters that are called alike are told apart by their
// addresses.
func TestTwoClustersOneName(t *testing.T) {
	s := newFileStage(t, "cursor")
	for _, proxy := range []string{"a.example.com:443", "b.example.com:443", "b.example.com:3080"} {
		if _, err := s.write(s.planner(Cluster{Name: "example", Proxy: proxy}), "grafana"); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.goals(); got != "teleport-mcp-b.example.com_grafana grafana@b.example.com:3080, "+
		"teleport-mcp-example_grafana grafana@b.example.com, teleport-mcp-grafana grafana@a.example.com" {
		t.Error(got)
	}
}

// TestNamesInAnyCase: for a client that takes case away, names which differ in it
// alone are one.
func TestNamesInAnyCase(t *testing.T) {
	s := newFileStage(t, "goose")
	const before = "extensions:\n  Teleport-MCP-Notes:\n    type: stdio\n    cmd: /opt/tshmcp\n    args: [connect, notes, --proxy=a.example.com:443]\n"
	writeText(t, s.target.File, before)
	if _, err := s.write(s.planner(Cluster{Proxy: "a.example.com:443"}), "notes"); err != nil {
		t.Fatal(err)
	}
	if got := s.goals(); got != "Teleport-MCP-Notes notes@a.example.com" {
		t.Error(got)
	}
	p := s.planner(Cluster{Proxy: "a.example.com:443"})
	p.ByName = true
	var clash *ClashError
	if _, err := s.write(p, "wiki", "Wiki"); !errors.As(err, &clash) {
		t.Error(err)
	}
	writeText(t, s.target.File, strings.ReplaceAll(before, "/opt/tshmcp", "/usr/bin/other"))
	var foreign *clientcfg.ForeignEntryError
	if _, err := s.write(p, "notes"); !errors.As(err, &foreign) || foreign.Name != "Teleport-MCP-Notes" {
		t.Error(err)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOddServers: a server that cannot get an entry is named and left out; the
// others get theirs.
func TestOddServers(t *testing.T) {
	for _, id := range []string{"cursor", "gemini-cli", "crush", "claude-code"} {
		for _, odd := range []string{"${HOME}", "${env:X}", "a\x00b", "bad\xff"} {
			s := newFileStage(t, id)
			p := s.planner(Cluster{Proxy: "a.example.com:443"})
			notes, err := s.write(p, "notes", odd, "wiki")
			if err != nil || len(notes) != 1 || !strings.HasPrefix(notes[0], "left out: "+s.target.File+": ") {
				t.Errorf("%s, %q: %q, %v", id, odd, notes, err)
			}
			if got := s.goals(); got != "teleport-mcp-notes notes@a.example.com, teleport-mcp-wiki wiki@a.example.com" {
				t.Errorf("%s, %q: %s", id, odd, got)
			}
			p.ByName = true
			var left *LeftOutError
			if _, err := s.write(p, "notes", odd); !errors.As(err, &left) || left.Server != odd {
				t.Errorf("%s, %q: %v", id, odd, err)
			}
		}
	}
	// So it is with an entry of another program.
	s := newFileStage(t, "cursor")
	writeText(t, s.target.File, `{"mcpServers": {"teleport-mcp-wiki": {"command": "npx"}}}`)
	notes, err := s.write(s.planner(Cluster{Proxy: "a.example.com:443"}), "notes", "wiki")
	if err != nil || len(notes) != 1 || !strings.Contains(notes[0], `"wiki" is left out: entry "teleport-mcp-wiki" exists and runs npx`) {
		t.Errorf("%q, %v", notes, err)
	}
	// Without any that can, it is an error.
	if _, err := s.write(s.planner(Cluster{Proxy: "a.example.com:443"}), "wiki"); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}

// TestGoalOf reads where entries lead, also those that a person has written.
func TestGoalOf(t *testing.T) {
	for _, tt := range []struct {
		command, args string
		want          goal
	}{
		{"tshmcp", "connect notes --proxy=A.example.com", goal{"a.example.com", "", "notes"}},
		{"tshmcp", "connect --proxy a.example.com:443 --cluster east notes", goal{"a.example.com:443", "east", "notes"}},
		{"tshmcp", "connect --proxy=a:1 --no-tsh --insecure -H X:y -i /id -- -x", goal{"a:1", "", "-x"}},
		{"tshmcp", "connect -- --", goal{"", "", "--"}},
		{"tshmcp", "connect notes --proxy=https://A:3080/web", goal{"a:3080", "", "notes"}},
		{"tshmcp", "connect notes", goal{"", "", "notes"}},
		{"wsl.exe", "-d Ubuntu -- env A=b /usr/bin/tshmcp connect notes --proxy=a:1", goal{"a:1", "", "notes"}},
		{"tshmcp", "ls", goal{}},
	} {
		if got, _ := goalOf(clientcfg.Entry{Command: tt.command, Args: strings.Fields(tt.args)}); got != tt.want {
			t.Errorf("%s: %+v", tt.args, got)
		}
	}
}
