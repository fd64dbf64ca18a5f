// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/spf13/cobra"
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
		return names, cobra.ShellCompDirectiveNoFileComp
	})
}

// leafNames are the root and its leaf clusters that the user may know of.
func (g *global) leafNames(ctx context.Context, f *sourceFlags) ([]string, error) {
	c, err := g.openCluster(f)
	if err != nil {
		return nil, err
	}
	names := []string{c.profile.Cluster}
	c.leaf = "" // the root is asked, whatever TSHMCP_CLUSTER says
	err = c.ask(ctx, func(at auths) error {
		leaves, err := at.root.Leaves(ctx)
		for _, leaf := range leaves {
			names = append(names, leaf.Name)
		}
		return err
	})
	return names, err
}
