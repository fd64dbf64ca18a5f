// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// args turns cobra's complaint about positional arguments into a usage error that
// says what is to be named, and what may have been meant.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		err := check(cmd, given)
		switch {
		case err == nil:
			return nil
		case cmd.HasAvailableSubCommands() && len(given) > 0:
			return usage.UnknownCommand(cmd.CommandPath(), given[0], subcommands(cmd))
		case strings.HasPrefix(err.Error(), "unknown command"):
			err = errcode.Errorf(errcode.Usage, "%s takes no arguments, not %q", cmd.CommandPath(), given[0])
		case strings.HasPrefix(err.Error(), "accepts "):
			err = usage.Number(strings.TrimPrefix(cmd.Use, cmd.Name()), len(given))
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

// wrongFlag is the error of a flag that a command does not have, or of its value.
func wrongFlag(cmd *cobra.Command, err error) error {
	e := &usage.Error{Usage: cmd.UseLine(), Err: err}
	var missing *pflag.NotExistError
	if errors.As(err, &missing) {
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				known = append(known, f.Name)
			}
		})
		e.Other = usage.NearFlags(missing.GetSpecifiedName(), known)
	}
	return e
}
