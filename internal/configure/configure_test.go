// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// stage is a machine on which nobody is logged in, with Cursor's file.
type stage struct {
	*Job
	file      string
	out, said bytes.Buffer
}

func newStage(t *testing.T, text string) *stage {
	t.Helper()
	home := t.TempDir()
	s := &stage{file: filepath.Join(home, ".cursor", "mcp.json")}
	if err := os.Mkdir(filepath.Dir(s.file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env := settings.Env{GOOS: "linux", Home: home, Getenv: func(string) string { return "" }}
	self := func() (string, error) { return "/opt/tshmcp", nil }
	s.Job = &Job{
		Request:  &setup.Request{Scope: "user", Prefix: setup.Prefix},
		Machine:  &setup.Machine{Env: env, Getwd: os.Getwd, LookPath: func(string) (string, error) { return "", os.ErrNotExist }, Executable: self, CalledAs: self},
		Flags:    &settings.Flags{},
		Clusters: &access.Clusters{Store: &creds.Store{Dir: t.TempDir()}},
		Out:      &s.out, To: plain.Voice{W: &s.said},
	}
	s.Default(env.Getenv)
	return s
}

const twoEntries = `{
  "mcpServers": {
    "theirs": {"command": "npx"},
    "teleport-mcp-notes": {"command": "/opt/tshmcp", "args": ["connect", "notes", "--proxy=a.test:443"]}
  }
}
`

// Where no client is named, the list is of all; what is named alone counts then.
func TestList(t *testing.T) {
	s := newStage(t, twoEntries)
	s.List = true
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := strings.SplitN(s.out.String(), "\n", 3)[1]
	if !strings.Contains(first, "cursor") || !strings.Contains(first, "teleport-mcp-notes") || strings.Count(s.out.String(), "\n") < 10 {
		t.Errorf("all clients are listed as\n%s", s.out.String())
	}
	s.out.Reset()
	s.Clients = "cursor"
	if err := s.Run(t.Context()); err != nil || strings.Count(s.out.String(), "\n") != 2 {
		t.Errorf("%v, one client is listed as\n%s", err, s.out.String())
	}
}

// An entry is shown as a diff before it goes, and said to be gone after; a second
// run has nothing to do. The other one stays.
func TestRemove(t *testing.T) {
	s := newStage(t, twoEntries)
	s.Remove, s.All, s.Clients, s.DryRun = true, true, "cursor", true
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.out.String(), "\n-    \"teleport-mcp-notes\"") || s.text(t) != twoEntries {
		t.Errorf("a dry run shows\n%s\nand leaves\n%s", s.out.String(), s.text(t))
	}
	s.DryRun = false
	if err := s.Run(t.Context()); err != nil || !strings.Contains(s.said.String(), "Removed teleport-mcp-notes from "+s.file) {
		t.Errorf("%v, said %q", err, s.said.String())
	}
	if text := s.text(t); strings.Contains(text, "notes") || !strings.Contains(text, "theirs") {
		t.Errorf("the file is\n%s", text)
	}
	s.said.Reset()
	if err := s.Run(t.Context()); err != nil || s.said.String() != s.file+" has nothing to remove.\n" {
		t.Errorf("%v, said %q", err, s.said.String())
	}
}

func (s *stage) text(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
