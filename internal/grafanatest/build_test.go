// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// writeModule makes a module that holds the command itself, so that nothing is
// fetched.
func writeModule(t *testing.T, path, source string) string {
	t.Helper()
	dir := t.TempDir()
	main := filepath.Join(dir, "cmd", "mcp-grafana")
	if err := os.MkdirAll(main, 0o755); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		filepath.Join(dir, "go.mod"):   "module " + path + "\n\ngo 1.26.0\n",
		filepath.Join(main, "main.go"): source,
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBuild(t *testing.T) {
	const path = "github.com/grafana/mcp-grafana"
	tests := map[string]struct {
		path, source string
		built        bool
		unavailable  bool
	}{
		"a program":            {path, "package main\n\nfunc main() {}\n", true, false},
		"does not compile":     {path, "package main\n\nfunc main() { missing() }\n", false, false},
		"the module is absent": {"example.com/other", "package main\n\nfunc main() {}\n", false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			program, err := Build(t.Context(), writeModule(t, tt.path, tt.source), t.TempDir())
			if (err == nil) != tt.built || errors.Is(err, ErrUnavailable) != tt.unavailable {
				t.Fatalf("built: %v, want built %t, unavailable %t", err, tt.built, tt.unavailable)
			}
			if !tt.built {
				return
			}
			if err := exec.CommandContext(t.Context(), program).Run(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestBuildOutOfTime holds that a build without time is not taken for one
// without modules, which would skip tests.
func TestBuildOutOfTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := writeModule(t, "example.com/other", "package main\n")
	if _, err := Build(ctx, dir, t.TempDir()); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
		t.Errorf("built: %v, want it canceled", err)
	}
}
