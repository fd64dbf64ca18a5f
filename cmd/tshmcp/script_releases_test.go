// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the scripts against each release of Teleport.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/semver"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/pattern"
)

// everyRepetition has what is tried once in `make test` tried in every variation, as
// `make check` does: all scripts against all releases, which are otherwise those of
// coreScripts against coreRelease; files of each shape with every command; and clients
// of others also without the entry.
const everyRepetition = "TSHMCP_TEST_EVERY"

// coreRelease is the oldest that has all that coreScripts need. [TestVersions] has
// every one.
const coreRelease = "18.3"

// coreScripts are one for each thing that people do.
var coreScripts = []string{
	"login-signin", "login-local", "login-headless", "ls-formats", "connect-call", "connect-path", "config-claude", "request-app", "leaf-ca", "logout-sessions",
}

// releaseVariable holds the release of the clusters that a script starts, where they
// do not name one.
const releaseVariable = "TELEPORT_RELEASE"

// onlyReleases is a line in the comment that a script begins with: for which releases
// it is, and why.
var onlyReleases = pattern.New(`^# (?:Since Teleport (\d+\.\d+)|(One release)): \S.*`)

// TestScriptReleases runs the scripts against releases before the newest, which
// [TestScripts] has. A script that is not for all of them says so, with the reason,
// in its first lines:
//
//	# Since Teleport 18.3: it calls tools of an MCP app over HTTP.
//	# One release: it starts no cluster.
func TestScriptReleases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	every := os.Getenv(everyRepetition) != ""
	releases := demo.Versions[:len(demo.Versions)-1]
	if !every {
		releases = []string{coreRelease}
	}
	if testing.Short() {
		t.Skip("-short: one release is enough")
	}
	ran := map[string]bool{}
	for _, version := range releases {
		release := demo.Release(version)
		var chosen []string
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar")
			if (every || slices.Contains(coreScripts, name)) && isFor(t, file, release) {
				chosen, ran[name] = append(chosen, file), true
			}
		}
		t.Run(version, func(t *testing.T) {
			params := scriptParams(release)
			params.Files = chosen
			testscript.Run(t, params)
		})
	}
	for _, name := range coreScripts {
		if !ran[name] {
			t.Errorf("%s runs against none of %v", name, releases)
		}
	}
}

// since returns the condition [since:18.3] of scripts, for lines that are about what
// older releases have not.
func since(release string) func(string) (bool, error) {
	return func(condition string) (bool, error) {
		version, ok := strings.CutPrefix(condition, "since:")
		if !ok || !semver.IsValid("v"+version) {
			return false, fmt.Errorf("unknown condition %q", condition)
		}
		return semver.Compare("v"+release, "v"+version) >= 0, nil
	}
}

// isFor reports whether a script can be right about a release.
func isFor(t *testing.T, file, release string) bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		switch only := onlyReleases.FindStringSubmatch(line); {
		case only == nil:
		case only[2] != "":
			return false
		default:
			return semver.Compare("v"+release, "v"+only[1]) >= 0
		}
	}
	return true
}
