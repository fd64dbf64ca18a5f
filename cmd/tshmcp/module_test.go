// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the repository as a Go module that others install.

package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/zip"
)

const repository = "../.."

// trackedFile is a file of the repository, by its path with slashes.
type trackedFile string

func (f trackedFile) Path() string                 { return string(f) }
func (f trackedFile) Lstat() (os.FileInfo, error)  { return os.Lstat(f.onDisk()) }
func (f trackedFile) Open() (io.ReadCloser, error) { return os.Open(f.onDisk()) }
func (f trackedFile) onDisk() string               { return filepath.Join(repository, filepath.FromSlash(string(f))) }

// TestModuleZip holds that the repository can be made into a module's zip, as
// `go install ...@latest` does: one file with a name that some system does not
// take, or two names that differ in case, make the whole module unusable for
// everybody. A checkout on Windows fails on the same names.
func TestModuleZip(t *testing.T) {
	files := trackedFiles(t)
	checked, err := zip.CheckFiles(files)
	for _, bad := range checked.Invalid {
		t.Errorf("%s: %v", bad.Path, bad.Err)
	}
	if err != nil && len(checked.Invalid) == 0 {
		t.Error(err)
	}
	if len(checked.Valid) < 500 {
		t.Errorf("%d of %d files are in the zip, is the list read right?", len(checked.Valid), len(files))
	}
}

// trackedFiles are the files that git tracks.
func trackedFiles(t *testing.T) (files []zip.File) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(repository, ".git")); err != nil {
		t.Skip("this is no clone of the repository: ", err)
	}
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	cmd.Dir = repository
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		files = append(files, trackedFile(path))
	}
	return files
}

// TestInstallTakesNoReplacements holds that go.mod has nothing that only the main
// module may have.
func TestInstallTakesNoReplacements(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json")
	cmd.Dir = repository
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Replace, Exclude []json.RawMessage
		Require          []json.RawMessage
	}
	if err := json.Unmarshal(out, &mod); err != nil || len(mod.Require) == 0 {
		t.Fatalf("%d requirements, %v", len(mod.Require), err)
	}
	for _, directive := range append(mod.Replace, mod.Exclude...) {
		t.Errorf("go install refuses a module with %s", directive)
	}
}
