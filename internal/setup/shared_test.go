// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: entries in files that a project shares.

package setup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// personal is a cluster with all that is on this machine alone.
func personal(home string) Cluster {
	return Cluster{
		Name: "example", Proxy: "a.example.com:443", Identity: filepath.Join(home, "id"), CAFile: filepath.Join(home, "ca.pem"),
		TSHHome: filepath.Join(home, "tsh"), StateDir: filepath.Join(home, "state"), Bus: "unix:path=/run/user/1000/bus", SystemRoots: true,
	}
}

// TestProjectFiles: what is written for a project has nothing of this machine in
// it, for every client that has such files.
func TestProjectFiles(t *testing.T) {
	tested := 0
	for _, client := range clientcfg.Clients() {
		if client.Project == "" || client.PrintOnly {
			continue
		}
		tested++
		home := t.TempDir()
		m := testMachine(home)
		if err := os.MkdirAll(filepath.Join(home, "project"), 0o700); err != nil {
			t.Fatal(err)
		}
		targets, err := Targets{Machine: m, Scope: clientcfg.ProjectScope}.Named(client.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		s := &fileStage{t, targets[0], m}
		p := s.planner(personal(home))
		p.Options.Self = filepath.Join(home, "bin", "tshmcp")
		notes, err := s.write(p, "notes")
		if err != nil {
			t.Errorf("%s: %v", client.ID, err)
			continue
		}
		data, err := os.ReadFile(s.target.File)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{home, "/run/user", "proxy:3128", "opt"} {
			if strings.Contains(string(data), word) {
				t.Errorf("%s: it has %s\n%s", client.ID, word, data)
			}
		}
		if !strings.Contains(string(data), `"tshmcp"`) && !strings.Contains(string(data), ": tshmcp") {
			t.Errorf("%s: it does not run tshmcp\n%s", client.ID, data)
		}
		said := strings.Join(notes, "\n")
		for _, want := range []string{"needs tshmcp in PATH", "tshmcp login --proxy=a.example.com:443 --ca-file=FILE", "the identity file", "TSHMCP_HOME"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: not said: %s\n%s", client.ID, want, said)
			}
		}
		info, err := os.Stat(s.target.File)
		if umask := umaskOf(t); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644&^umask {
			t.Errorf("%s: mode %v, %v", client.ID, info.Mode(), err)
		}
	}
	if tested < 10 {
		t.Errorf("only %d clients have files of projects", tested)
	}
}

// umaskOf is what the system takes from the mode of a new file.
func umaskOf(t *testing.T) fs.FileMode {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "f"), os.O_CREATE, 0o777)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return 0o777 &^ info.Mode().Perm()
}

// TestProjectByPath: so it is with such a file that is named by its path, and not
// with a person's own file.
func TestProjectByPath(t *testing.T) {
	home := t.TempDir()
	m := testMachine(home)
	for path, shared := range map[string]bool{
		filepath.Join(home, "p", ".vscode", "mcp.json"): true,
		filepath.Join(home, "p", ".cursor", "mcp.json"): true,
		filepath.Join(home, "p", ".mcp.json"):           true,
		filepath.Join(home, ".cursor", "mcp.json"):      false,
		filepath.Join(home, ".codex", "config.toml"):    false,
	} {
		all, err := Targets{Machine: m}.Named(path, false)
		if err != nil || all[0].Shared != shared || (all[0].Root != "") != shared {
			t.Errorf("%s: %+v, %v", path, all, err)
		}
	}
}

// TestProjectLinks: a link in a project does not lead what is written out of it.
func TestProjectLinks(t *testing.T) {
	for name, link := range map[string]func(project, outside string) error{
		"the folder": func(project, outside string) error { return os.Symlink(outside, filepath.Join(project, ".vscode")) },
		"the file": func(project, outside string) error {
			return errors.Join(os.Mkdir(filepath.Join(project, ".vscode"), 0o700), os.Symlink(filepath.Join(outside, "new.json"), filepath.Join(project, ".vscode", "mcp.json")))
		},
		"nowhere": func(project, outside string) error {
			return os.Symlink(filepath.Join(outside, "none"), filepath.Join(project, ".vscode"))
		},
		"inside": func(project, _ string) error {
			return errors.Join(os.Mkdir(filepath.Join(project, "config"), 0o700), os.Symlink("config", filepath.Join(project, ".vscode")))
		},
	} {
		home := t.TempDir()
		project, outside := filepath.Join(home, "project"), filepath.Join(home, "outside")
		if err := errors.Join(os.Mkdir(project, 0o700), os.Mkdir(outside, 0o700)); err != nil {
			t.Fatal(err)
		}
		if err := link(project, outside); err != nil {
			t.Skip("no links here: ", err)
		}
		m := testMachine(home)
		targets, err := Targets{Machine: m, Scope: clientcfg.ProjectScope}.Named("vscode", false)
		if err != nil {
			t.Fatal(err)
		}
		s := &fileStage{t, targets[0], m}
		_, err = s.write(s.planner(Cluster{Proxy: "a:443"}), "notes")
		var out *clientcfg.OutsideError
		if inside := name == "inside"; inside != (err == nil) || name != "nowhere" && !inside && !errors.As(err, &out) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
			t.Errorf("%s: outside there is %v, %v", name, left, err)
		}
	}
}
