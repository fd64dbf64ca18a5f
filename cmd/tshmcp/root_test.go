// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExamplesCanBePasted gives each example of a help text to a shell, and what
// that makes of it to the program: no word may be left over, and no flag unknown.
func TestExamplesCanBePasted(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to paste into: ", err)
	}
	examples := 0
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
		if cmd.Example == "" {
			return
		}
		// Each line of what the shell runs: the arguments, with a separator before each.
		script := "set -e\ntshmcp() { printf '\\037%s' \"$@\"; echo; }\n" + cmd.Example + "\n"
		out, err := exec.CommandContext(t.Context(), shell, "-c", script).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", cmd.CommandPath(), err, out)
			return
		}
		for line := range strings.Lines(string(out)) {
			examples++
			given := strings.Split(strings.TrimSpace(line), "\x1f")[1:]
			root := newRootCmd(&global{env: systemEnv()})
			found, rest, err := root.Find(given)
			if err == nil {
				err = found.ParseFlags(rest)
			}
			if err == nil {
				err = found.ValidateArgs(found.Flags().Args())
			}
			// A command that has others under it may show their way, and what comes before.
			if err != nil || found.CommandPath() != cmd.CommandPath() && !cmd.HasSubCommands() {
				t.Errorf("%s: example %q: %v", cmd.CommandPath(), given, err)
			}
		}
	}
	visit(newRootCmd(&global{env: systemEnv()}))
	if examples < 10 {
		t.Errorf("%d examples, are they found?", examples)
	}
}
