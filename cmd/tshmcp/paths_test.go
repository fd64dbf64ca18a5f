// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// takesPath matches the usage of a flag whose value is a path of this machine.
var takesPath = pattern.New("(?i)`(file|folder|dir|directory)`|PEM")

// variables are those that the usage of a flag names.
var variables = pattern.New(`default: ((?:TSHMCP|TELEPORT)_[A-Z_]+)`)

// TestPathFlags holds that every flag that takes a path, and its variable, goes
// through what understands ~ and file://: a new one cannot be forgotten.
func TestPathFlags(t *testing.T) {
	e := systemEnv()
	found := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !takesPath.MatchString(f.Usage) {
				return
			}
			found++
			if _, ok := f.Value.(typedPath); !ok {
				t.Errorf("%s --%s does not understand ~", cmd.CommandPath(), f.Name)
			}
			if m := variables.FindStringSubmatch(f.Usage); m != nil && !slices.Contains(settings.PathVariables, m[1]) {
				t.Errorf("%s is not among the variables that are paths", m[1])
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&global{env: e}))
	if found < 6 {
		t.Errorf("only %d flags take paths: is their usage read right?", found)
	}
}
