// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// args turns cobra's complaint about positional arguments into a usage error that
// says what is to be named, and what may have been meant.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		words := strings.TrimPrefix(cmd.Use, cmd.Name())
		err := check(cmd, given)
		empty := slices.IndexFunc(given, usage.Blank)
		switch {
		case err == nil && empty < 0:
			return nil
		case cmd.HasAvailableSubCommands() && len(given) > 0:
			return usage.UnknownCommand(cmd.CommandPath(), given[0], subcommands(cmd))
		case empty >= 0:
			err = usage.EmptyArgument(words, empty+1)
		case strings.HasPrefix(err.Error(), "unknown command"):
			err = errcode.Errorf(errcode.Usage, "%s takes no arguments, not %q", cmd.CommandPath(), given[0])
		case strings.HasPrefix(err.Error(), "accepts "):
			err = usage.Number(words, len(given))
		}
		return &usage.Error{Usage: cmd.UseLine(), Err: err}
	}
}

func subcommands(cmd *cobra.Command) (names []string) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(append(names, sub.Name()), sub.Aliases...)
		}
	}
	return names
}

// emptyFlags refuses a flag that was given without a value.
func emptyFlags(cmd *cobra.Command, _ []string) error {
	return usage.EmptyFlags(cmd.Flags(), cmd.UseLine())
}

// wrongFlag is the error of a flag that a command does not have, or of its value.
func wrongFlag(cmd *cobra.Command, err error) error {
	return usage.WrongFlag(cmd.Flags(), cmd.UseLine(), err)
}
