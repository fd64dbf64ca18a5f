// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/tshmcp/tshmcp/internal/settings"
)

// TestCommandSurvivesUpgrades is the ways of package managers to lead to a
// version of a program: the entry has to run what stays.
func TestCommandSurvivesUpgrades(t *testing.T) {
	dir := t.TempDir()
	in := func(path string) string { return filepath.Join(dir, filepath.FromSlash(path)) }
	for _, file := range []string{
		"brew/Cellar/tshmcp/1.0/bin/tshmcp", "scoop/apps/tshmcp/2.0/tshmcp", "nix/store/abc/bin/tshmcp", "plain/bin/tshmcp", "other/bin/tshmcp",
	} {
		if err := os.MkdirAll(filepath.Dir(in(file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in(file), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"brew/bin/tshmcp":           "../Cellar/tshmcp/1.0/bin/tshmcp",
		"scoop/apps/tshmcp/current": "2.0",
		"home/.nix-profile":         "../nix/store/abc",
	} {
		if err := os.MkdirAll(filepath.Dir(in(link)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.FromSlash(to), in(link)); err != nil {
			t.Skipf("no symlinks here: %v", err)
		}
	}
	for _, test := range []struct{ name, called, exe, path, want string }{
		{"Homebrew", "brew/bin/tshmcp", "brew/Cellar/tshmcp/1.0/bin/tshmcp", "", "brew/bin/tshmcp"},
		{"Homebrew's version itself", "brew/Cellar/tshmcp/1.0/bin/tshmcp", "brew/Cellar/tshmcp/1.0/bin/tshmcp", "brew/bin", "brew/bin/tshmcp"},
		{"Scoop", "scoop/apps/tshmcp/current/tshmcp", "scoop/apps/tshmcp/current/tshmcp", "", "scoop/apps/tshmcp/current/tshmcp"},
		{"Scoop's version itself", "scoop/apps/tshmcp/2.0/tshmcp", "scoop/apps/tshmcp/2.0/tshmcp", "", "scoop/apps/tshmcp/current/tshmcp"},
		{"Nix", "home/.nix-profile/bin/tshmcp", "nix/store/abc/bin/tshmcp", "", "home/.nix-profile/bin/tshmcp"},
		{"no package manager", "plain/bin/tshmcp", "plain/bin/tshmcp", "", "plain/bin/tshmcp"},
		{"another program in PATH", "plain/bin/tshmcp", "plain/bin/tshmcp", "brew/bin", "plain/bin/tshmcp"},
		{"called as another program", "other/bin/tshmcp", "plain/bin/tshmcp", "", "plain/bin/tshmcp"},
	} {
		if test.path != "" && runtime.GOOS == "windows" {
			continue // the names there end in .exe, and its package managers do not use PATH
		}
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("PATH", in(test.path))
			m := Machine{
				Env:        settings.Env{Getenv: func(string) string { return "" }},
				LookPath:   exec.LookPath,
				Executable: func() (string, error) { return in(test.exe), nil },
				CalledAs:   func() (string, error) { return in(test.called), nil },
			}
			if got, err := m.Command(); err != nil || got != in(test.want) {
				t.Errorf("got %s, %v; want %s", got, err, in(test.want))
			}
		})
	}
}
