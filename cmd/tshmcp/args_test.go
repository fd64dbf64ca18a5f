// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/usage"
)

// eachCommand visits the commands of the program that do something, also those that
// come later.
func eachCommand(visit func(cmd *cobra.Command)) {
	var below func(cmd *cobra.Command)
	below = func(cmd *cobra.Command) {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			return // cobra's own
		}
		if cmd.RunE != nil {
			visit(cmd)
		}
		for _, sub := range cmd.Commands() {
			below(sub)
		}
	}
	below(newRootCmd(&global{env: systemEnv()}))
}

// TestEmptyFlags holds that no flag of any command, also of those that come later, takes
// an empty value for none: what a variable that is not set leaves on a command line must
// not mean another cluster, another folder or everything.
func TestEmptyFlags(t *testing.T) {
	t.Parallel()
	flags := 0
	eachCommand(func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			flags++
			values := []string{"", " ", "\t\n"}
			if f.Value.Type() == "stringSlice" {
				values = append(values, ",", "a,,b", "a,")
			}
			for _, value := range values {
				allowed := f.Name == "name-prefix" && value == "" // its help says what that means
				err := runWith(cmd.CommandPath(), "--"+f.Name+"="+value)
				var wrong *usage.Error
				if !allowed && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), "--"+f.Name+" has an empty value: write --"+f.Name) || wrong.Usage == "") {
					t.Errorf("%s --%s=%q: %v", cmd.CommandPath(), f.Name, value, err)
				}
				if allowed && err != nil {
					t.Errorf("%s --%s=%q: %v", cmd.CommandPath(), f.Name, value, err)
				}
			}
		})
	})
	if flags < 100 {
		t.Errorf("%d flags, are they found?", flags)
	}
}

// runWith gives a command line to the program, whose commands do nothing.
func runWith(command string, args ...string) error {
	root := newRootCmd(&global{env: systemEnv()})
	given := append(strings.Fields(command)[1:], args...)
	cmd, _, err := root.Find(given)
	if err != nil {
		return err
	}
	cmd.Args, cmd.RunE = cobra.ArbitraryArgs, func(*cobra.Command, []string) error { return nil }
	root.SetArgs(given)
	root.SetOut(io.Discard)
	return root.Execute()
}

// TestEmptyArguments: an empty name is that of nothing, and not of everything.
func TestEmptyArguments(t *testing.T) {
	eachCommand(func(cmd *cobra.Command) {
		for _, given := range [][]string{{""}, {" "}, {"a", ""}, {"a", "b", "\t"}} {
			err := cmd.ValidateArgs(given)
			var wrong *usage.Error
			if !errors.As(err, &wrong) {
				t.Errorf("%s %q: %v", cmd.CommandPath(), given, err)
			}
		}
		if cmd.ValidateArgs([]string{"a"}) == nil {
			if err := cmd.ValidateArgs([]string{""}); err == nil || !strings.Contains(err.Error(), "empty") {
				t.Errorf("%s: %v", cmd.CommandPath(), err)
			}
		}
	})
}

// TestWrongTimes: what is no time is told how one is written.
func TestWrongTimes(t *testing.T) {
	for _, value := range []string{"1d", "5", "soon"} {
		err := runWith("tshmcp logs", "--since="+value)
		if err == nil || !strings.Contains(err.Error(), "--since takes a time such as 90s, 10m or 24h, not") {
			t.Errorf("--since=%s: %v", value, err)
		}
	}
}
