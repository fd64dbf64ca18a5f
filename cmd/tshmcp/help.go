// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// fitHelp makes the help of all commands fit the window that it is read in.
func fitHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		text := strings.TrimRight(cmd.Long, "\n")
		if text == "" {
			text = cmd.Short
		}
		use := cmd.UsageString()
		if cmd.HasAvailableSubCommands() && cmd.DisableFlagsInUseLine {
			use = strings.Replace(use, "  "+cmd.UseLine()+"\n", "", 1) // that does nothing
		}
		_, _ = io.WriteString(cmd.OutOrStdout(), plain.WrapFor(cmd.OutOrStdout(), text+"\n\n"+use))
	})
}

// help is what cobra's own commands do here: a wrong name is refused as elsewhere.
func help(cmd *cobra.Command, given []string) error {
	if cmd.Name() != "help" {
		given = append([]string{cmd.Name()}, given...)
	}
	found, rest, err := cmd.Root().Find(given)
	switch {
	case err != nil:
		return err
	case len(rest) > 0 && found.HasAvailableSubCommands():
		return usage.UnknownCommand(found.CommandPath(), rest[0], subcommands(found))
	}
	found.InitDefaultHelpFlag()
	return found.Help()
}
