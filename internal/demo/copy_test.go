// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestCopyTo(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "tshmcp")
	if err := os.WriteFile(program, []byte("text"), 0o755); err != nil {
		t.Fatal(err)
	}
	path, err := copyTo(filepath.Join(dir, "a", "bin"), program)
	data, readErr := os.ReadFile(path)
	if err != nil || readErr != nil || string(data) != "text" || filepath.Base(path) != "tshmcp" {
		t.Errorf("%s: %q, %v, %v", path, data, err, readErr)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o100 == 0 && os.PathSeparator == '/' {
		t.Errorf("it cannot be run: %v, %v", info, err)
	}
	if _, err := copyTo(dir, program); err == nil {
		t.Error("a program was overwritten")
	}
	if _, err := copyTo(filepath.Join(dir, "b"), program+"x"); err == nil {
		t.Error("what is not there was copied")
	}
}

// TestKeep: what cannot be written says where the demo writes, also when the folder
// itself could be made.
func TestKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a", "file")
	if err := keep(file, []byte("text")); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "text" {
		t.Errorf("%q, %v", data, err)
	}
	for _, path := range []string{filepath.Dir(file), filepath.Join(file, "below")} {
		var folder *FolderError
		if err := keep(path, nil); !errors.As(err, &folder) || len(folder.Hints()) == 0 {
			t.Errorf("%s: %v", path, err)
		}
	}
}
