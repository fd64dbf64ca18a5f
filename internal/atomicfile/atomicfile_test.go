// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile_test

import (
	"errors"
	"io/fs"
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

// TestExchange holds that the two files change places and back, and that it
// creates nothing.
func TestExchange(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	staged, err := atomicfile.Stage(filepath.Join(dir, ".new"), []byte("new"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	err = staged.Exchange(path)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("files cannot change places here")
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("with nothing: %v", err)
	}
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"new", "old", "new"} {
		if err := staged.Exchange(path); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%q, %v, want %s", got, err, want)
		}
	}
	if got, err := os.ReadFile(staged.Name); err != nil || string(got) != "old" {
		t.Errorf("what came out is %q, %v", got, err)
	}
	if err := staged.Discard(); err != nil {
		t.Error(err)
	}
	wantNames(t, dir, "file")
}

// TestCommitNew holds that a file which appears meanwhile is not replaced.
func TestCommitNew(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for i, want := range []error{nil, fs.ErrExist} {
		staged, err := atomicfile.Stage(filepath.Join(dir, ".new"), []byte{'0' + byte(i)}, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if err := staged.CommitNew(path); !errors.Is(err, want) {
			if err == nil && runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
				t.Skip("a new file cannot be told from an old one here")
			}
			t.Errorf("%v, want %v", err, want)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "0" {
			t.Errorf("%q, %v", got, err)
		}
		if err := staged.Discard(); err != nil {
			t.Error(err)
		}
	}
	wantNames(t, dir, "file")
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
