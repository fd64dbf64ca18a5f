// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

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
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	targets := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`).FindAllSubmatch(src, -1) {
			targets++
			entries, _ := os.ReadDir(filepath.Join("testdata", "fuzz", string(m[1])))
			if len(entries) == 0 {
				t.Errorf("%s in %s has no corpus", m[1], file)
			}
		}
	}
	if targets == 0 {
		t.Error("no fuzz target was found")
	}
}
