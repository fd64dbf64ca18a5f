// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what the workflows run is there, and a shell understands it.

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// workflowScript is a program of this repository in a command.
var workflowScript = pattern.New(`(?m)(?:^|\s)((?:\.ci|scripts|packaging)/[\w./-]+)`)

// TestWorkflowCommands: each command of a workflow is one that bash can read, and the
// programs of this repository that it starts can be started.
func TestWorkflowCommands(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("workflows run on Linux, and there is no bash of that kind here: ", err)
	}
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	commands, scripts := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct{ Run string }
			}
		}
		if err := yaml.Unmarshal(text, &workflow); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if step.Run == "" {
					continue
				}
				commands++
				cmd := exec.Command(bash, "-n")
				cmd.Stdin = strings.NewReader(step.Run)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s\n%s", file, err, out, step.Run)
				}
				for _, found := range workflowScript.Regexp().FindAllStringSubmatch(step.Run, -1) {
					scripts++
					if info, err := os.Stat("../../" + found[1]); err != nil || info.Mode()&0o100 == 0 {
						t.Errorf("%s runs %s: %v", file, found[1], err)
					}
				}
			}
		}
	}
	if commands < 3 || scripts < 2 {
		t.Errorf("%d commands and %d scripts, are they found?", commands, scripts)
	}
}
