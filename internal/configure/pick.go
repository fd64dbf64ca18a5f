// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// pick asks a person for what the flags did not say: for servers, of all there are,
// and for clients.
func (j *Job) pick(ctx context.Context, c *access.Cluster, all []setup.Server, targets []setup.Target) ([]setup.Server, []setup.Target, error) {
	servers, err := j.pickServers(ctx, c, all)
	if err == nil && j.Clients == "" && !j.Print {
		targets, err = j.pickTargets(ctx)
	}
	return servers, targets, err
}

func (j *Job) pickServers(ctx context.Context, c *access.Cluster, all []setup.Server) ([]setup.Server, error) {
	var items []terminal.Item
	for _, s := range all {
		items = append(items, terminal.Item{Label: s.Name, Note: s.Description, Chosen: len(all) == 1})
	}
	chosen, err := j.Screen.Choose(ctx, "MCP servers of "+c.Name(), items)
	var servers []setup.Server
	for _, i := range chosen {
		servers = append(servers, all[i])
	}
	return servers, err
}

// pickTargets asks which of the clients on this machine get entries, and sets
// what --client-config would have been.
func (j *Job) pickTargets(ctx context.Context) ([]setup.Target, error) {
	found, leftOut, err := j.Targets(j.Machine).Installed()
	if err != nil {
		return nil, err
	}
	for _, err := range leftOut {
		j.To.Warn("left out: %v", err)
	}
	if len(found) == 0 {
		j.To.Warn("no MCP client was found on this machine: this is the entry to paste; --client-config writes it to a client by name, or to a file")
		j.Print = true
		return []setup.Target{{}}, nil
	}
	var items []terminal.Item
	for _, t := range found {
		note := t.File
		if t.File == "" {
			note = "prints the entry to paste: " + t.PrintReason
		}
		items = append(items, terminal.Item{Label: t.Name, Note: note, Chosen: len(found) == 1})
	}
	chosen, err := j.Screen.Choose(ctx, "MCP clients on this machine", items)
	var targets []setup.Target
	var ids []string
	for _, i := range chosen {
		targets = append(targets, found[i])
		ids = append(ids, found[i].ID)
	}
	j.Clients = strings.Join(ids, ",")
	return targets, err
}

// confirm shows what would change in which files and asks whether it shall, if
// something would be written.
func (j *Job) confirm(ctx context.Context, plans []setup.Plan, failed *setup.Errors) error {
	for _, err := range failed.Errs {
		j.To.Warn("left out: %v", err)
	}
	changes := slices.DeleteFunc(slices.Clone(plans), func(p setup.Plan) bool { return !p.Changes() })
	if len(changes) == 0 || j.DryRun {
		return nil
	}
	for _, p := range changes {
		if err := j.showDiff(j.To.W, p); err != nil {
			return err
		}
	}
	question := "Write this file?"
	if len(changes) > 1 {
		question = fmt.Sprintf("Write these %d files?", len(changes))
	}
	return j.Screen.Confirm(ctx, question)
}

// sameCommand is the command line that does what was picked.
func (j *Job) sameCommand(servers []setup.Server) string {
	words := []string{"tshmcp", "config"}
	for _, s := range servers {
		words = append(words, s.Name)
	}
	const clients = "--client-config="
	if j.Clients != "" {
		words = append(words, clients+j.Clients)
	}
	for _, word := range j.Given {
		if !strings.HasPrefix(word, clients) {
			words = append(words, word)
		}
	}
	return plain.CommandLine(j.Machine.GOOS, words)
}
