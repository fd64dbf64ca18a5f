// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, text := range []string{"first", "a second, longer text", ""} {
		if err := atomicfile.Write(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != text {
			t.Fatalf("read %q, %v, want %q", got, err, text)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, want 0600", info.Mode())
		}
	}
	wantNames(t, dir, "file")
}

// TestWriteFails holds that an error leaves the target as it was and nothing else.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	// A directory that is not empty cannot be replaced by a file.
	if err := os.MkdirAll(filepath.Join(target, "child"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Write(target, []byte("text"), 0o600); err == nil {
		t.Error("a directory was replaced")
	}
	wantNames(t, dir, "target")
	if err := atomicfile.Write(filepath.Join(dir, "missing", "file"), nil, 0o600); err == nil {
		t.Error("a file was written into a directory that does not exist")
	}
}

// TestStage holds that the old file stays until Commit, and that a file which a
// killed process left under the name is no obstacle.
func TestStage(t *testing.T) {
	dir := t.TempDir()
	path, name := filepath.Join(dir, "file"), filepath.Join(dir, ".new")
	for _, p := range []string{path, name} {
		if err := os.WriteFile(p, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	staged, err := atomicfile.Stage(name, []byte("new"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
		t.Errorf("before the commit: %q, %v", got, err)
	}
	if err := staged.Commit(path); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "new" {
		t.Errorf("after the commit: %q, %v", got, err)
	}
	if err := staged.Discard(); err != nil {
		t.Error(err)
	}
	wantNames(t, dir, "file")
	if staged, err = atomicfile.Stage(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := staged.Discard(); err != nil {
		t.Error(err)
	}
	wantNames(t, dir, "file")
	if err := (*atomicfile.Staged)(nil).Discard(); err != nil {
		t.Error(err)
	}
}

func wantNames(t *testing.T, dir, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != want {
		t.Errorf("the directory holds %v, want only %s", entries, want)
	}
}
