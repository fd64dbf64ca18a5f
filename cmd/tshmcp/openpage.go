// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/browser"
)

// openPage is what this program calls itself by, to open a page in a process that
// nobody ends with this one.
const openPage = "open-page"

func newOpenPageCmd(g *global) *cobra.Command {
	return &cobra.Command{
		Use:    openPage,
		Short:  "Open the page whose link is on stdin",
		Hidden: true,
		Args:   args(cobra.NoArgs),
		RunE:   func(*cobra.Command, []string) error { return browser.Launch(g.stdin) },
	}
}
