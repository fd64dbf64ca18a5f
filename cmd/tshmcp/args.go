// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/similar"
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
			return unknownCommand(cmd, given[0])
		case strings.HasPrefix(err.Error(), "unknown command"):
			err = errcode.Errorf(errcode.Usage, "%s takes no arguments, not %q", cmd.CommandPath(), given[0])
		case strings.HasPrefix(err.Error(), "accepts "):
			err = wrongNumber(cmd, given)
		}
		return &usage.Error{Usage: cmd.UseLine(), Err: err}
	}
}

// named is what the arguments of commands name, by how they are called in usage
// lines.
var named = map[string]string{
	"NAME":    "MCP server; tshmcp ls lists them",
	"CLUSTER": "cluster; tshmcp status lists them",
	"ID":      "access request; tshmcp request ls lists them",
	"ADDR":    "address of a Teleport proxy",
}

// wrongNumber is the error of a command that takes one argument.
func wrongNumber(cmd *cobra.Command, given []string) error {
	for word, what := range named {
		if strings.Contains(strings.TrimPrefix(cmd.Use, cmd.Name()), word) {
			if len(given) > 1 {
				what, _, _ = strings.Cut(what, ";")
				return errcode.Errorf(errcode.Usage, "name one %s, not %d", what, len(given))
			}
			return errcode.Errorf(errcode.Usage, "name one %s", what)
		}
	}
	return errcode.Errorf(errcode.Usage, "%d arguments are too many", len(given))
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var known []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			known = append(append(known, sub.Name()), sub.Aliases...)
		}
	}
	hints := append(similar.Hint(similar.To(name, known)), cmd.CommandPath()+" --help lists the commands")
	return &usage.Error{Err: errcode.Errorf(errcode.Usage, "unknown command %q", name), Other: hints}
}

// wrongFlag is the error of a flag that a command does not have, or of its value.
func wrongFlag(cmd *cobra.Command, err error) error {
	e := &usage.Error{Usage: cmd.UseLine(), Err: err}
	var missing *pflag.NotExistError
	if !errors.As(err, &missing) {
		return e
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	near := similar.To(missing.GetSpecifiedName(), known)
	for i := range near {
		near[i] = "--" + near[i]
	}
	e.Other = similar.Hint(near)
	return e
}
