// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// completionTime bounds the look at the cluster while a person waits for Tab.
const completionTime = 3 * time.Second

// completeConfig makes the shell know the MCP servers and the clients.
func completeConfig(cmd *cobra.Command, o *configOptions) error {
	cmd.ValidArgsFunction = func(cmd *cobra.Command, given []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return completeServers(cmd.Context(), o, given), cobra.ShellCompDirectiveNoFileComp
	}
	byID := func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return completeClients(typed), cobra.ShellCompDirectiveNoFileComp
	}
	if err := cmd.RegisterFlagCompletionFunc("format", byID); err != nil {
		return err
	}
	return cmd.RegisterFlagCompletionFunc("client-config", func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ids := completeClients(typed)
		if len(ids) == 0 {
			return nil, cobra.ShellCompDirectiveDefault // a path
		}
		return ids, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	})
}

// completeServers are the servers that were not given yet, none if anything
// fails: a person who presses Tab wants no error.
func completeServers(ctx context.Context, o *configOptions, given []string) []cobra.Completion {
	if o.Remove { // the cluster is not asked, and may have it no more
		o.Names = given
		return slices.DeleteFunc(o.CompleteEntries(o.machine()), func(name string) bool { return !plain.Typable(name) })
	}
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	o.stderr = io.Discard // a warning would stand in the middle of the command line
	c, err := o.openCluster(ctx, &o.sourceFlags)
	if err != nil {
		return nil
	}
	servers, err := o.Servers(ctx, c)
	if err != nil {
		return nil
	}
	var all []cobra.Completion
	for _, s := range servers {
		if !slices.Contains(given, s.Name) && plain.Typable(s.Name) {
			all = append(all, cobra.CompletionWithDesc(s.Name, plain.Line(s.Description)))
		}
	}
	return all
}

// completeClients are the ids for the part behind the last comma.
func completeClients(typed string) []cobra.Completion {
	var all []cobra.Completion
	for _, c := range setup.CompleteClients(typed) {
		all = append(all, cobra.CompletionWithDesc(c.Word, c.Means))
	}
	return all
}
