// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// TestRunningPrograms finds this very test among the programs that run.
func TestRunningPrograms(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(exe)
	if runtime.GOOS == "linux" {
		name = name[:min(len(name), 15)] // as much as the kernel keeps
	}
	if all := runningPrograms(t.Context(), runtime.GOOS); !slices.Contains(all, name) {
		t.Errorf("%s is not among %q", name, all)
	}
}
