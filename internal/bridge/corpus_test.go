// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: every fuzz target has a corpus.

package bridge

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Every fuzz target keeps a corpus in the repository: without one it tests
// next to nothing in an ordinary run.
func TestCorporaAreNotEmpty(t *testing.T) {
	files, _ := filepath.Glob("*_test.go")
	below, _ := filepath.Glob("*/*_test.go")
	if len(files) == 0 || len(below) == 0 {
		t.Fatalf("%d test files here, %d below", len(files), len(below))
	}
	targets := 0
	for _, file := range append(files, below...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllSubmatch(src, -1) {
			targets++
			entries, _ := os.ReadDir(filepath.Join(filepath.Dir(file), "testdata", "fuzz", string(m[1])))
			if len(entries) == 0 {
				t.Errorf("%s in %s has no corpus", m[1], file)
			}
		}
	}
	if targets == 0 {
		t.Error("no fuzz target was found")
	}
}
