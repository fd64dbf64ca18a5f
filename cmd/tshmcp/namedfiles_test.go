// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the Go files that documents name are there.

package main

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// namedFile is a Go file, or several with a star, as documents name it: by its path, or
// by as much of it as the sentence needs.
var namedFile = pattern.New("`([a-z0-9_*./]+\\.go)`")

// notMeant are names that stand for any file.
var notMeant = []string{"x.go", "x_test.go", "internal/*/..._test.go"}

// TestNamedFiles holds that whoever follows a document into the source finds what it
// names.
func TestNamedFiles(t *testing.T) {
	files := sourceFiles(t)
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, document := range append(documents, "../../README.md", "../../CONTRIBUTING.md", "../../SECURITY.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range namedFile.Regexp().FindAllStringSubmatch(string(text), -1) {
			named++
			if !slices.Contains(notMeant, m[1]) && !isThere(files, m[1]) {
				t.Errorf("%s names %s, which is not there", filepath.Base(document), m[1])
			}
		}
	}
	if named < 80 {
		t.Errorf("%d files are named, are they found?", named)
	}
}

// TestNamedFilesAreMissed holds that the test above can fail.
func TestNamedFilesAreMissed(t *testing.T) {
	files := sourceFiles(t)
	for name, want := range map[string]bool{
		"cmd/tshmcp/env.go": true, "env.go": true, "tshmcp/env.go": true, "internal/bridge/http*.go": true,
		"cmd/env.go": false, "nv.go": false, "internal/bridge/ear*.go": false,
	} {
		if isThere(files, name) != want {
			t.Errorf("%s is there: %t, want %t", name, !want, want)
		}
	}
}

// sourceFiles are the Go files of the repository, with slashes, from its root.
func sourceFiles(t *testing.T) (all []string) {
	t.Helper()
	for _, root := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join("../..", root), func(path string, _ os.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") {
				all = append(all, strings.TrimPrefix(filepath.ToSlash(path), "../../"))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// isThere tells whether a file has a name at the end of its path.
func isThere(files []string, name string) bool {
	parts := strings.Count(name, "/") + 1
	return slices.ContainsFunc(files, func(file string) bool {
		of := strings.Split(file, "/")
		if len(of) < parts {
			return false
		}
		matches, _ := path.Match(name, strings.Join(of[len(of)-parts:], "/"))
		return matches
	})
}
