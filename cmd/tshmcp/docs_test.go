// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the commands in the documents are commands of this program, and their links lead somewhere.

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// documents returns the paths of all documents.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"../../*.md", "../../docs/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no documents at %s: %v", pattern, err)
		}
		all = append(all, found...)
	}
	return all
}

var (
	shellBlock = pattern.New("(?s)```sh\n(.*?)```")
	inlineCode = pattern.New("`(tshmcp [^`]*)`")
	shellWord  = pattern.New(`(?:'[^']*'|[^\s'])+`)
	anyLink    = pattern.New(`\]\(([^)#:]*)(#[^)]*)?\)`)
)

// TestCommandsInDocuments parses each command line of tshmcp in the documents
// with the flags and arguments of the command.
func TestCommandsInDocuments(t *testing.T) {
	lines := 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var commands []string
		for _, block := range shellBlock.Regexp().FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(strings.ReplaceAll(block[1], "\\\n", " ")) {
				commands = append(commands, line)
			}
		}
		for _, code := range inlineCode.Regexp().FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n", " "), -1) {
			commands = append(commands, code[1])
		}
		for _, line := range commands {
			line, _, _ = strings.Cut(line, " #")
			words := shellWord.Regexp().FindAllString(line, -1)
			if len(words) < 2 || words[0] != "tshmcp" || strings.ContainsAny(line, "|<…") || strings.Contains(line, "...") {
				continue
			}
			lines++
			checkCommand(t, path, words[1:])
		}
	}
	if lines < 20 {
		t.Errorf("%d commands were found in the documents", lines)
	}
}

func checkCommand(t *testing.T, path string, words []string) {
	t.Helper()
	root := newRootCmd(&global{env: systemEnv()})
	root.InitDefaultCompletionCmd(words...)
	cmd, rest, err := root.Find(words)
	if err == nil && cmd == root && !strings.HasPrefix(words[0], "-") {
		t.Errorf("%s: tshmcp %s: there is no such command", path, strings.Join(words, " "))
		return
	}
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err != nil {
		t.Errorf("%s: tshmcp %s: %v", path, strings.Join(words, " "), err)
	}
}

// TestCommandsAreDocumented holds that the guide's table and the list of what users
// notice name each command.
func TestCommandsAreDocumented(t *testing.T) {
	for path, name := range map[string]string{"../../docs/guide-user.md": "(?m)^\\| .*`tshmcp %s[ `].* \\|", "../../CHANGELOG.md": "`(tshmcp )?%s`"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, cmd := range newRootCmd(&global{env: systemEnv()}).Commands() {
			if cmd.Hidden || cmd.Name() == "version" || cmd.Name() == "help" {
				continue
			}
			if !regexp.MustCompile(strings.ReplaceAll(name, "%s", cmd.Name())).Match(text) {
				t.Errorf("%s does not name tshmcp %s", path, cmd.Name())
			}
		}
	}
}

// TestLinksInDocuments holds that a link to a document, or to a heading of one, leads there.
func TestLinksInDocuments(t *testing.T) {
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range anyLink.Regexp().FindAllStringSubmatch(string(text), -1) {
			to := path
			if link[1] != "" {
				to = filepath.Join(filepath.Dir(path), link[1])
			}
			there, err := os.ReadFile(to)
			if err != nil {
				t.Errorf("%s links to %s, which is not there", path, link[1])
			}
			if link[2] != "" && strings.HasSuffix(to, ".md") && !hasHeading(string(there), link[2]) {
				t.Errorf("%s links to %s%s, and there is no such heading", path, link[1], link[2])
			}
		}
	}
}

var notInAnchors = pattern.New("[^a-z0-9 _-]")

// hasHeading: an anchor is a heading in small letters, with hyphens for blanks.
func hasHeading(text, anchor string) bool {
	for line := range strings.Lines(text) {
		heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
		if ok && strings.HasPrefix(line, "#") &&
			"#"+strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), ""), " ", "-") == anchor {
			return true
		}
	}
	return false
}

// askedVariables are the names by which the sources ask for variables: our own and
// Teleport's by constants, others where they are read, clients' in the table of them.
var askedVariables = pattern.New(`"((?:TSHMCP|TELEPORT)_[A-Z_]+)"|[gG]etenv\("([A-Z_]+)"\)|"\$([A-Z_]{4,})/?[^" ]*"`)

// noVariables are places of the table of clients, and of the tour, that look like variables.
var noVariables = map[string]bool{"ADMIN": true, "BESIDE": true, "NAME": true, "PROJECT": true, "DEMO": true}

// ofTests are parts that read the environment for the tests, and not for users.
var ofTests = pattern.New(`/(testcluster|grafanatest|npmtest|netnstest|rawtest|logintest)/`)

// TestVariablesInDocuments holds that each variable that counts is in docs/environment.md.
func TestVariablesInDocuments(t *testing.T) {
	text, err := os.ReadFile("../../docs/environment.md")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, pattern := range []string{"*.go", "../../internal/*/*.go", "../../internal/*/*/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") || ofTests.MatchString(path) {
				continue
			}
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range askedVariables.Regexp().FindAllSubmatch(source, -1) {
				found[string(name[1])+string(name[2])+string(name[3])] = true
			}
		}
	}
	if len(found) < 40 {
		t.Errorf("the sources ask for %d variables", len(found))
	}
	for name := range found {
		if !noVariables[name] && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/environment.md does not name %s", name)
		}
	}
}

// TestFiguresInReadme holds that the figures in the README are, about, those that were measured.
func TestFiguresInReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	measured, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`starts in ([\d.]+) ms, ([\d.]+) ms a call, ([\d.]+) MB`).FindAllSubmatch(readme, -1)
	if len(said) != 2 {
		t.Fatalf("the README has the figures %q", said)
	}
	for i, row := range []string{"process start and", "a call", "of it private"} {
		cells := regexp.MustCompile(`(?m)^\| ` + row + ` .*$`).Find(measured)
		columns := strings.Split(string(cells), "|")
		if len(columns) < 6 {
			t.Fatalf("docs/performance.md has no row %q", row)
		}
		for peer, column := range []string{columns[4], columns[5]} {
			is, err1 := strconv.ParseFloat(strings.Fields(column)[0], 64)
			says, err2 := strconv.ParseFloat(string(said[peer][i+1]), 64)
			if err1 != nil || err2 != nil || says > 1.7*is || is > 1.7*says {
				t.Errorf("%s: the README says %v, and it was%s", row, says, column)
			}
		}
	}
}
