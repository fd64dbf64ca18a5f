// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a user of each release of Teleport sees.

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// versionSteps are the columns of the table: what is done with each release, in
// this order.
var versionSteps = []struct {
	name string
	do   func(*visit) string
}{
	{"`login`", (*visit).signIn},
	{"passkey", (*visit).passkey},
	{"`status`", (*visit).status},
	{"`ls`", (*visit).list},
	{"`config --all`", (*visit).configure},
	{"stdio", func(v *visit) string { return v.call("command", "echo", `{"text":"hello"}`, "hello") }},
	{"HTTP", func(v *visit) string { return v.call("notes", "get_note", `{"name":"deploy"}`, "Deploys run") }},
	{"SSE", func(v *visit) string { return v.call("events", "echo", `{"text":"hello"}`, "hello") }},
	{"`--path`", func(v *visit) string {
		return v.call("site", "get_note", `{"name":"deploy"}`, "Deploys run", "--path=/mcp")
	}},
}

// TestVersions holds that docs/testing.md shows what happens with each release
// that the test cluster plays.
func TestVersions(t *testing.T) {
	t.Parallel()
	const doc, open, end = "../../docs/testing.md", "<!-- versions -->\n", "<!-- /versions -->"
	got := versionTable(t)
	t.Logf("\n%s", got)
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), open)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("docs/testing.md has no table of releases")
	}
	if *update {
		if err := os.WriteFile(doc, []byte(before+open+got+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != got {
		t.Errorf("docs/testing.md shows\n%s\nbut it is\n%s\n(go test ./cmd/tshmcp -run TestVersions -update rewrites it)", shown, got)
	}
}

// versionTable does all steps with all releases. What is said comes below the
// table, each text once.
func versionTable(t *testing.T) string {
	var rows [][]string
	head := []string{"Teleport"}
	for _, step := range versionSteps {
		head = append(head, step.name)
	}
	rows = append(rows, head, slices.Repeat([]string{"---"}, len(head)))
	var notes []string
	for _, release := range releases() {
		v := newVisit(t, release)
		row := []string{release}
		for _, step := range versionSteps {
			cell, said, _ := strings.Cut(step.do(v), ": ")
			if said != "" {
				said = strings.ReplaceAll(said, v.cluster.Addr(), "HOST:PORT")
				said = strings.ReplaceAll(said, release, "VERSION")
				n := slices.Index(notes, said)
				if n < 0 {
					n, notes = len(notes), append(notes, said)
				}
				cell += fmt.Sprintf(" (%d)", n+1)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	var table strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&table, "| %s |\n", strings.Join(row, " | "))
	}
	for i, said := range notes {
		fmt.Fprintf(&table, "\n%d. %s", i+1, said)
	}
	return table.String() + "\n"
}

// releases are those of demo serve, and one that takes no client of this age. That
// has not been seen yet; the cluster is the newest that is known but for its name.
func releases() []string {
	var all []string
	for _, version := range demo.Versions {
		all = append(all, demo.Release(version))
	}
	return append(all, "20.0.0")
}

// visit is somebody with a cluster of one release.
type visit struct {
	t       *testing.T
	cluster *testcluster.Cluster
	ca      string
	environ []string
}

// newVisit starts a cluster with an app of each kind.
func newVisit(t *testing.T, release string) *visit {
	t.Helper()
	notes, err := demo.StartNotes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { notes.Close() })
	command, err := exec.LookPath(rawtest.Arg)
	if err != nil {
		t.Fatal(err)
	}
	events := httptest.NewServer(&rawtest.SSE{})
	t.Cleanup(events.Close)
	all := map[string][]string{"*": {"*"}}
	cluster, err := testcluster.Start(testcluster.Config{
		Version: release,
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"user"}}, {Name: "pat", Roles: []string{"user"}, Password: "secret", Passkey: true},
		},
		Roles: []testcluster.Role{{Name: "user", AllowAppLabels: all, AllowTools: []string{"*"}}},
		Apps: []testcluster.App{
			{Name: "command", URI: "mcp+stdio://command", Command: []string{command}},
			{Name: "notes", URI: notes.URI()},
			{Name: "events", URI: "mcp+sse+" + events.URL + "/sse"},
			{Name: "site", URI: "http://" + notes.Addr},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	dir := t.TempDir()
	ca := filepath.Join(dir, "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	v := &visit{t: t, cluster: cluster, ca: ca}
	for _, name := range []string{"PATH", "SYSTEMROOT", "GOCOVERDIR"} {
		v.environ = append(v.environ, name+"="+os.Getenv(name))
	}
	for _, name := range []string{"HOME", "USERPROFILE", "APPDATA", "TSHMCP_HOME"} {
		v.environ = append(v.environ, name+"="+dir)
	}
	return v
}

// run is what a command writes to stdout and stderr, and whether it did well.
func (v *visit) run(args ...string) (out, said string, ok bool) {
	cmd := tshmcp(v.t, v.environ, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	return string(text), stderr.String(), err == nil
}

// told are the lines that tshmcp wrote itself, without its name.
func told(stderr string) string {
	var lines []string
	for _, line := range strings.Split(stderr, "\n") {
		if said, ours := strings.CutPrefix(line, "tshmcp: "); ours && !strings.Contains(said, "--store=file") {
			lines = append(lines, said)
		}
	}
	return strings.Join(lines, "; ")
}

func (v *visit) login(user string, args ...string) string {
	cmd := tshmcp(v.t, v.environ, append([]string{"login", v.cluster.Addr(), "--ca-file=" + v.ca, "--store=file", "--browser=none", "--force"}, args...)...)
	cmd.Stdin = strings.NewReader("secret\n")
	var out bytes.Buffer
	verdict := "yes"
	if err := runLogin(cmd, &out, user, rootPool(v.cluster.WebCA())); err != nil {
		verdict = "no"
	}
	return withNote(verdict, told(out.String()))
}

func withNote(verdict, said string) string {
	if said == "" {
		return verdict
	}
	return verdict + ": " + said
}

func (v *visit) signIn() string { return v.login("alice") }

// passkey is a login of somebody who has nothing else, without a place of its own:
// the one before stays.
func (v *visit) passkey() string {
	other := *v
	dir := v.t.TempDir()
	other.environ = append(slices.Clone(v.environ), "HOME="+dir, "TSHMCP_HOME="+dir)
	said := other.login("pat", "--auth=local", "--user=pat", "--password-stdin")
	verdict, said, _ := strings.Cut(said, ": ")
	if at := strings.Index(said, "error: "); at >= 0 { // else it is what the other login said
		return verdict + ": " + said[at:]
	}
	return verdict
}

func (v *visit) status() string {
	out, said, ok := v.run("status")
	if !ok || !strings.Contains(out, v.cluster.Addr()) {
		return withNote("no", cmp.Or(told(said), out))
	}
	return withNote("yes", told(said))
}

// mark is a line below ls's table.
var mark = pattern.New(`(?m)^\[[!?]\] .*$`)

// list is which kinds of servers are shown.
func (v *visit) list() string {
	out, said, ok := v.run("ls")
	if !ok {
		return withNote("no", told(said))
	}
	var kinds []string
	for _, line := range strings.Split(out, "\n") {
		for name, kind := range map[string]string{"command": "stdio", "notes": "HTTP", "events": "SSE", "site": "web"} {
			if strings.HasPrefix(line, name+" ") {
				kinds = append(kinds, kind)
			}
		}
	}
	slices.Sort(kinds)
	return withNote(cmp.Or(strings.Join(kinds, ", "), "none"), cmp.Or(told(said), strings.Join(mark.Regexp().FindAllString(out, -1), " ")))
}

// configure is how many servers get an entry.
func (v *visit) configure() string {
	file := filepath.Join(v.t.TempDir(), "mcp.json")
	_, said, ok := v.run("config", "--all", "--client-config="+file, "--format=claude", "--no-check")
	text, _ := os.ReadFile(file)
	written := strings.Count(string(text), `"connect"`)
	if !ok {
		return withNote("no", told(said))
	}
	return withNote(fmt.Sprint(written), told(said))
}

// call is a call of a tool through the bridge.
func (v *visit) call(app, tool, arguments, want string, flags ...string) string {
	text, err := callOnce(tshmcp(v.t, v.environ, append([]string{"connect", app}, flags...)...), tool, arguments)
	if err != nil {
		said, _, _ := strings.Cut(err.Error(), "\nit ended with ")
		return withNote("no", strings.TrimPrefix(said, `calling "initialize": tshmcp: `))
	}
	if !strings.Contains(text, want) {
		v.t.Errorf("%s answers %q", app, text)
	}
	return "yes"
}
