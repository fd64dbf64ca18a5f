// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/plain"
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
	if o.remove {
		return nil // the cluster is not asked, and may have it no more
	}
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	o.stderr = io.Discard // a warning would stand in the middle of the command line
	c, err := o.openCluster(&o.sourceFlags)
	if err != nil {
		return nil
	}
	servers, err := o.servers(ctx, c, nil)
	if err != nil {
		return nil
	}
	var all []cobra.Completion
	for _, s := range servers {
		if !slices.Contains(given, s.Name) && typable(s.Name) {
			all = append(all, cobra.CompletionWithDesc(s.Name, plain.Line(s.Description)))
		}
	}
	return all
}

// word is what every shell takes for a word as it stands.
var word = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.:@/-]*$`)

// typable says whether a name that a cluster has thought of can stand in a command
// line that a person only presses Enter on.
func typable(name string) bool { return word.MatchString(name) }

// completeClients are the ids for the part behind the last comma.
func completeClients(typed string) []cobra.Completion {
	before, part := "", typed
	if i := strings.LastIndexByte(typed, ','); i >= 0 {
		before, part = typed[:i+1], typed[i+1:]
	}
	var all []cobra.Completion
	for _, c := range clientcfg.Clients() {
		if strings.HasPrefix(c.ID, part) && !slices.Contains(strings.Split(before, ","), c.ID) {
			all = append(all, cobra.CompletionWithDesc(before+c.ID, c.Name))
		}
	}
	return all
}
