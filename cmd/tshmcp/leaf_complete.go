// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// completeLeaf offers the names of the leaf clusters for --cluster, and nothing
// where the root cannot be asked.
func (g *global) completeLeaf(cmd *cobra.Command, f *sourceFlags) {
	// It fails for a flag that does not exist, or was registered twice.
	_ = cmd.RegisterFlagCompletionFunc("cluster", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), completionTime)
		defer cancel()
		names, err := g.leafNames(ctx, f)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return slices.DeleteFunc(names, func(name string) bool { return !plain.Typable(name) }), cobra.ShellCompDirectiveNoFileComp
	})
}

// leafNames are the root and its leaf clusters that the user may know of. The
// root is asked, whatever TSHMCP_CLUSTER says.
func (g *global) leafNames(ctx context.Context, f *sourceFlags) ([]string, error) {
	c, err := g.openCluster(ctx, f)
	if err != nil {
		return nil, err
	}
	names := []string{c.Profile.Cluster}
	err = c.Root().Ask(ctx, func(at access.Auths) error {
		leaves, err := at.Root.Leaves(ctx)
		for _, leaf := range leaves {
			names = append(names, leaf.Name)
		}
		return err
	})
	return names, err
}
