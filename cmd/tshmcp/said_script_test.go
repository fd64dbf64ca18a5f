// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what scripts make the program say: texts that the documents have, and commands that can be run.

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/pattern"
)

// saidVariable names the folder in which each process of the program keeps what it says
// on stderr.
const saidVariable = "TSHMCP_TEST_SAID"

// mainHeard is Main, with what it says kept where that is wanted.
func mainHeard() int {
	dir := os.Getenv(saidVariable)
	if dir == "" {
		return Main()
	}
	file, err := os.CreateTemp(dir, "")
	if err != nil {
		return 99
	}
	e := systemEnv()
	e.stderr = io.MultiWriter(os.Stderr, file)
	if len(os.Args) > 1 && os.Args[1] == "doctor" { // whose remedies are its result
		e.stdout = io.MultiWriter(e.stdout, file)
	}
	return run(e, os.Args[1:])
}

// heard are the lines that the program has said, each once.
func heard(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(strings.TrimSpace(string(text)), "\n")...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// checkSaid holds that each error is found in the document by its text, below its code,
// and that each command that is named can be run as it is. Where all scripts were run,
// those texts that only they can show are among it.
func checkSaid(t *testing.T, dir string, all bool) {
	documented := documentedTexts(t)
	errors, commands := 0, 0
	for _, line := range heard(t, dir) {
		if found := coded.FindStringSubmatch(line); found != nil {
			errors++
			known := len(documented[found[2]]) == 0 // of others, who may say anything
			for _, text := range documented[found[2]] {
				match := text.MatchString(found[1])
				known, text.shown = known || match, text.shown || match
			}
			if !known {
				t.Errorf("internal/errcode/testdata/texts.txt has no such text of %s: %s", found[2], found[1])
			}
		}
		for _, command := range commandsIn(line) {
			commands++
			if err := runnable(command); err != nil {
				t.Errorf("%s: %s: %v", line, command, err)
			}
		}
	}
	if !all {
		return
	}
	if errors < 100 || commands < 50 {
		t.Errorf("%d errors with a code and %d commands were heard", errors, commands)
	}
	for code, texts := range documented {
		for _, text := range texts {
			if text.several && !text.shown {
				t.Errorf("internal/errcode/testdata/texts.txt: no script shows %s: %s", code, text)
			}
		}
	}
}

// coded is an error with its code.
var coded = pattern.New(`^tshmcp: error: (.*) \[([a-z-]+)\]$`)

// documentedText is one of docs/troubleshooting.md.
type documentedText struct {
	*regexp.Regexp
	several bool // it is made of several, and nothing but a script can show it
	shown   bool
}

// documentedTexts are those of the document, by code.
func documentedTexts(t *testing.T) map[string][]*documentedText {
	t.Helper()
	list, err := os.ReadFile("../../internal/errcode/testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]*documentedText{}
	for line := range strings.Lines(string(list)) {
		code, text, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		text = strings.TrimPrefix(strings.TrimPrefix(text, "~w "), "~ ")
		text, several := strings.CutPrefix(text, "+ ")
		pieces := strings.Split(text, "…")
		for i := range pieces {
			pieces[i] = regexp.QuoteMeta(pieces[i])
		}
		whole := regexp.MustCompile(`(^|: |; |")` + strings.Join(pieces, ".+") + `($|: |; |, | \(|")`)
		all[code] = append(all[code], &documentedText{Regexp: whole, several: several})
	}
	return all
}

// commandsIn are the commands that a line for the person names: behind a colon up to the
// end of the clause, and in a sentence up to its verb.
func commandsIn(line string) (all []string) {
	if strings.Contains(line, " usage: ") || !strings.HasPrefix(line, "tshmcp: hint: ") && !strings.Contains(line, ": tshmcp ") || notForPeople.MatchString(line) {
		return nil
	}
	for _, found := range mentioned.Regexp().FindAllStringSubmatch(line, -1) {
		all = append(all, strings.TrimRight(found[1], ",;:)"))
	}
	return all
}

var (
	notForPeople = pattern.New(`^(time=|tshmcp: error: )`)
	mentioned    = pattern.New(`(?:run|:|;|,|use|with|or|after) (tshmcp [a-z]+(?: (?:[^ ';]|'[^']*')+)*?)(?:$|[;)]|, | (?:shows|lists|says|updates|and|or|for|first|which|in|to|again|does|needs|remembers)\b)`)
)

// TestRemediesCanBeRun: the commands that the document names for each code are such.
func TestRemediesCanBeRun(t *testing.T) {
	commands := 0
	for _, e := range errcode.All() {
		for _, command := range commandsIn("tshmcp: hint: " + e.Remedy) {
			commands++
			if err := runnable(command); err != nil {
				t.Errorf("%s: %s: %v", e.Code, command, err)
			}
		}
	}
	if commands < 20 {
		t.Errorf("%d commands, are they found?", commands)
	}
}

// runnable holds that a shell and the program understand a command.
func runnable(command string) error {
	script := "tshmcp() { printf '\\037%s' \"$@\"; echo; }\n" + command + "\n"
	out, err := exec.Command("sh", "-c", script).Output()
	if err != nil {
		return err
	}
	given := strings.Split(strings.TrimSpace(string(out)), "\x1f")[1:]
	root := newRootCmd(&global{env: systemEnv()})
	cmd, _, err := root.Find(given)
	if err != nil {
		return err
	}
	cmd.RunE = func(*cobra.Command, []string) error { return nil }
	root.SetArgs(given)
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	return root.Execute()
}
