// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"slices"
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
		words := strings.TrimPrefix(cmd.Use, cmd.Name())
		err := check(cmd, given)
		empty := slices.IndexFunc(given, blank)
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

// mayBeEmpty are flags whose help says what an empty value means.
var mayBeEmpty = []string{"name-prefix"}

// emptyFlags is the error of the first flag that was given without a value.
func emptyFlags(cmd *cobra.Command, _ []string) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		allowed := slices.Contains(mayBeEmpty, f.Name) && f.Value.String() == ""
		if err == nil && !allowed && (len(values) == 0 || slices.ContainsFunc(values, blank)) {
			err = emptyFlag(cmd, f)
		}
	})
	return err
}

func emptyFlag(cmd *cobra.Command, f *pflag.Flag) error {
	value, _ := pflag.UnquoteUsage(f)
	return &usage.Error{
		Usage: cmd.UseLine(), Err: usage.EmptyFlag(f.Name, value), Other: []string{"is a variable on the command line not set?"},
	}
}

// blank is what no name, path, list or text can be.
func blank(value string) bool { return strings.TrimSpace(value) == "" }

// wrongFlag is the error of a flag that a command does not have, or of its value.
func wrongFlag(cmd *cobra.Command, err error) error {
	e := &usage.Error{Usage: cmd.UseLine(), Err: err}
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		switch f := wrong.GetFlag(); {
		case blank(wrong.GetValue()):
			return emptyFlag(cmd, f)
		case f.Value.Type() == "duration":
			e.Err = usage.WrongTime(f.Name, wrong.GetValue())
		}
	}
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
