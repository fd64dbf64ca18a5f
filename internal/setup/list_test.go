// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

func TestDrifted(t *testing.T) {
	dir := t.TempDir()
	versioned, link, other := filepath.Join(dir, "tshmcp-1"), filepath.Join(dir, "tshmcp"), filepath.Join(dir, "other")
	for _, file := range []string{versioned, other} {
		if err := os.WriteFile(file, nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(versioned, link); err != nil {
		t.Skip(err)
	}
	for entry, want := range map[string]bool{
		link: false, versioned: false, filepath.Join(dir, ".", "tshmcp"): false, other: true, filepath.Join(dir, "gone"): true, "tshmcp": true,
	} {
		if got := (Target{}).drifted(clientcfg.Entry{Command: entry}, link); got != want {
			t.Errorf("an entry that runs %s: drifted is %t, want %t", entry, got, want)
		}
	}
}
