// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/usage"
)

func TestTargets(t *testing.T) {
	ts := Targets{Machine: testMachine(t.TempDir()), Scope: clientcfg.ProjectScope}
	project, err := ts.Named("cursor, cursor", false)
	if err != nil || len(project) != 1 || !strings.HasSuffix(project[0].File, filepath.Join("project", ".cursor", "mcp.json")) {
		t.Errorf("%+v, %v", project, err)
	}
	var wrong *usage.Error
	if _, err := ts.Named("./mcp.json", false); !errors.As(err, &wrong) {
		t.Errorf("a path for a project: %v", err)
	}
	var unknown *UnknownClientError
	if _, err := ts.Named("nobody", false); !errors.As(err, &unknown) {
		t.Errorf("%v", err)
	}
	if all, err := ts.Named("", false); err != nil || len(all) != 1 || all[0].File != "" {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestTypedTargets: so it is with each of several files.
func TestTypedTargets(t *testing.T) {
	home := t.TempDir()
	all, err := Targets{Machine: testMachine(home)}.Named("~/.cursor/mcp.json, ~/.codex/config.toml", false)
	if err != nil || len(all) != 2 || all[0].File != filepath.Join(home, ".cursor", "mcp.json") || all[1].ID != "codex" {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := (Targets{Machine: testMachine(home)}).Named("cursor,~bob", false); err == nil {
		t.Error("the home of somebody else")
	}
}
