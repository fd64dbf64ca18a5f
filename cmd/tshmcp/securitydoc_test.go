// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: docs/security.md names the tests that prove it.

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityDocument holds that each test and script that the document names
// is there.
func TestSecurityDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		tests.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(doc), -1)
	for _, name := range names {
		if !strings.Contains(tests.String(), "func "+name[1]+"(") {
			t.Errorf("there is no test %s", name[1])
		}
	}
	scripts := regexp.MustCompile("`([\\w-]+\\.txtar)`").FindAllStringSubmatch(string(doc), -1)
	for _, name := range scripts {
		if _, err := os.Stat(filepath.Join("testdata", "script", name[1])); err != nil {
			t.Error(err)
		}
	}
	if len(names) < 20 || len(scripts) < 2 {
		t.Errorf("%d tests and %d scripts are named", len(names), len(scripts))
	}
}
