// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

func newVersionCmd(g *global) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version of tshmcp and of the Teleport protocol it speaks",
		Args:              args(cobra.NoArgs),
		PersistentPreRunE: emptyFlags, // it is over before a signal
		RunE: func(*cobra.Command, []string) error {
			return plain.Fprintf(g.stdout, "tshmcp %s (Teleport %s protocol, %s %s/%s)\n",
				version(), teleport.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}

// userAgent is what clusters are told about this program.
func userAgent() string { return "tshmcp/" + strings.Trim(version(), "()") }

// version is what the Go toolchain recorded: the module's version, or the
// pseudo-version of the commit that was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
