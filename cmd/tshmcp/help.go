// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// fitHelp makes the help of all commands fit the window that it is read in.
func fitHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		text := strings.TrimRight(cmd.Long, "\n")
		if text == "" {
			text = cmd.Short
		}
		_, _ = io.WriteString(cmd.OutOrStdout(), plain.WrapFor(cmd.OutOrStdout(), text+"\n\n"+cmd.UsageString()))
	})
}
