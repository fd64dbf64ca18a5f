// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/build"
	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

func newVersionCmd(g *global) *cobra.Command {
	named := ""
	cmd := &cobra.Command{
		Use:               "version",
		Short:             "Print the version of tshmcp and of the Teleport protocol it speaks",
		Args:              args(cobra.NoArgs),
		PersistentPreRunE: emptyFlags, // it is over before a signal
		RunE: func(*cobra.Command, []string) error {
			print, err := format.Printer(named, build.Print)
			if err != nil {
				return err
			}
			return print(g.stdout, build.This(teleport.Version))
		},
	}
	addFormat(cmd.Flags(), &named)
	return cmd
}

// userAgent is what clusters are told about this program.
func userAgent() string { return "tshmcp/" + strings.Trim(version(), "()") }

func version() string { return build.Version() }
