// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
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

// TestUnknownIsSaid holds that no command which has others takes a wrong name for
// none: it is said, with what may have been meant, and not only what there is.
func TestUnknownIsSaid(t *testing.T) {
	for line, want := range map[string]string{
		"help lss":         `unknown command "lss"`,
		"help request lss": `unknown command "lss"`,
		"completion bahs":  `unknown command "bahs"`,
		"request lss":      `unknown command "lss"`,
		"demo srve":        `unknown command "srve"`,
		"lss":              `unknown command "lss"`,
		"help request ls":  "",
		"help help":        "",
		"help completion":  "",
		"help":             "",
		"completion":       "",
	} {
		g := &global{env: systemEnv()}
		root := rootFor(g, strings.Fields(line))
		root.SetOut(io.Discard)
		root.SetArgs(strings.Fields(line))
		if err := root.Execute(); fmt.Sprint(err) != want && (err != nil || want != "") {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

// TestRootFor holds that a command which is made alone is the one that stands among
// the others: its name, its help, and what it says of a wrong command line.
func TestRootFor(t *testing.T) {
	for _, c := range commands {
		for _, given := range [][]string{{c.name, "--help"}, {c.name, "--nonsense"}, {c.name, "a", "b", "c", "d"}, {c.name, "--debug", "nonsense", "--help"}} {
			var texts []string
			for _, newRoot := range []func(*global) *cobra.Command{newRootCmd, func(g *global) *cobra.Command { return rootFor(g, given) }} {
				root := newRoot(&global{env: systemEnv()})
				for _, sub := range root.Commands() { // wrong or not, nothing is to run
					sub.RunE = func(*cobra.Command, []string) error { return nil }
				}
				var out bytes.Buffer
				root.SetOut(&out)
				root.SetErr(&out)
				root.SetArgs(given)
				texts = append(texts, fmt.Sprintf("%v\n%s", root.Execute(), &out))
				if found, _, err := root.Find(given[:1]); err != nil || found.Name() != c.name {
					t.Errorf("%s is not found: %v", c.name, err)
				}
			}
			if texts[0] != texts[1] || len(texts[0]) < 6 {
				t.Errorf("%q: among the others:\n%s\nalone:\n%s", given, texts[0], texts[1])
			}
		}
		if alone := rootFor(&global{env: systemEnv()}, []string{c.name}).Commands(); len(alone) != 1 {
			t.Errorf("%s: %d commands are made", c.name, len(alone))
		}
	}
	if all := rootFor(&global{env: systemEnv()}, []string{"--debug", "connect"}).Commands(); len(all) != len(commands)+2 { // help and completion are of cobra
		t.Errorf("%d commands behind a flag", len(all))
	}
}
