// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/request"
)

// completer returns what fits, with what it means; nothing if anything fails.
type completer func(ctx context.Context, d *request.Desk) (words, meanings []string)

// complete makes the shell know the one argument of a command.
func (o *requestOptions) complete(cmd *cobra.Command, complete completer) {
	cmd.ValidArgsFunction = func(cmd *cobra.Command, given []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(cmd.Context(), completionTime)
		defer cancel()
		o.stderr = io.Discard // a warning would stand in the middle of the command line
		c, err := o.openCluster(ctx, &o.sourceFlags)
		if err != nil || len(given) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var all []cobra.Completion
		words, meanings := complete(ctx, &request.Desk{Cluster: c, Now: o.now})
		for i, word := range words {
			if plain.Typable(word) {
				all = append(all, cobra.CompletionWithDesc(word, plain.Line(meanings[i])))
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

func completeRequestable(ctx context.Context, d *request.Desk) (words, meanings []string) {
	servers, _, _ := inventory.Requestable(ctx, d.Cluster)
	for _, s := range servers {
		words, meanings = append(words, s.Name), append(meanings, s.Description)
	}
	return words, meanings
}

// completeApproved are the requests that can be taken up, or waited for.
func completeApproved(ctx context.Context, d *request.Desk) (words, meanings []string) {
	all, _ := d.List(ctx)
	for _, r := range all {
		if !r.Assumed && (r.State == "approved" || r.State == "pending") {
			words, meanings = append(words, r.ID), append(meanings, r.State+": "+strings.Join(append(r.Apps, roleWords(r)...), ", "))
		}
	}
	return words, meanings
}

func completeAssumed(_ context.Context, d *request.Desk) (words, meanings []string) {
	for _, a := range d.Assumed() {
		for _, id := range a.Requests {
			words, meanings = append(words, id), append(meanings, strings.Join(append(appWords(a.Apps), a.Roles...), ", "))
		}
	}
	return words, meanings
}
