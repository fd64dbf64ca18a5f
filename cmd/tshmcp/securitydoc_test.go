// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: docs/security.md and docs/testing.md name tests and files that are there.

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

var (
	quotedWord = pattern.New("`([^`]+)`")
	testName   = pattern.New(`^(Test|Fuzz)\w+$`)
	scriptName = pattern.New(`^[\w-]+\.txtar$`)
)

// TestSecurityDocument holds that each test and script that the document names is
// there, a test in the package that is named before it, and that each row of a
// table of threats names one.
func TestSecurityDocument(t *testing.T) {
	named, rows, threats := 0, 0, false
	for line := range strings.Lines(document(t, "security.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		switch {
		case strings.HasPrefix(line, "| threat |"):
			threats = true
		case !strings.HasPrefix(line, "|"):
			threats = false
			named += namedTests(t, line)
		case threats && !strings.HasPrefix(line, "| ---"):
			n := namedTests(t, cells[len(cells)-1])
			named += n
			if rows++; n == 0 || len(cells) != 3 {
				t.Errorf("no test holds: %s", cells[0])
			}
		}
	}
	if named < 60 || rows < 30 {
		t.Errorf("%d tests and scripts are named, in %d rows", named, rows)
	}
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// namedTests looks for each test and script that a text names, and counts them.
func namedTests(t *testing.T, text string) int {
	t.Helper()
	var packages []string
	count, fresh := 0, true
	for _, match := range quotedWord.Regexp().FindAllStringSubmatch(text, -1) {
		word := match[1]
		switch {
		case testName.MatchString(word):
			if count++; !hasTest(t, packages, word) {
				t.Errorf("there is no test %s in %q", word, packages)
			}
			fresh = true
		case scriptName.MatchString(word):
			count++
			if _, err := os.Stat(filepath.Join("testdata/script", word)); err != nil {
				t.Error(err)
			}
		default:
			if fresh {
				packages = nil
			}
			packages, fresh = append(packages, word), false
		}
	}
	return count
}

// hasTest reports whether each of the packages has a test of that name.
func hasTest(t *testing.T, packages []string, name string) bool {
	t.Helper()
	for _, pkg := range packages {
		dir := filepath.Join("../../internal", pkg)
		if strings.HasPrefix(pkg, "cmd/") {
			dir = filepath.Join("../..", pkg)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(text), "\nfunc "+name+"(")
		}
		if !found {
			return false
		}
	}
	return len(packages) > 0
}

// TestTestingDocument holds that the files that the document names are there.
func TestTestingDocument(t *testing.T) {
	count := 0
	for _, match := range quotedWord.Regexp().FindAllStringSubmatch(document(t, "testing.md"), -1) {
		word := match[1]
		switch {
		case strings.ContainsAny(word, " .") && strings.Contains(word, "..."), strings.Contains(word, " "):
			continue
		case strings.HasSuffix(word, ".txtar") && !strings.Contains(word, "/"):
			word = "cmd/tshmcp/testdata/script/" + word
		case strings.HasPrefix(word, "testdata/script/"):
			word = "cmd/tshmcp/" + word
		case !regexp.MustCompile(`^(cmd|internal|testdata|scripts|docs)/`).MatchString(word):
			continue
		}
		count++
		if found, err := filepath.Glob(filepath.Join("../..", word)); err != nil || len(found) == 0 {
			t.Errorf("there is no %s (%v)", word, err)
		}
	}
	if count < 20 {
		t.Errorf("%d files are named", count)
	}
}
