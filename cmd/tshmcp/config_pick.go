// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// pick asks a person for what the flags did not say: for servers, of all there are,
// and for clients.
func (o *configOptions) pick(ctx context.Context, c *access.Cluster, all []setup.Server, targets []setup.Target) ([]setup.Server, []setup.Target, error) {
	servers, err := o.pickServers(ctx, c, all)
	if err == nil && o.Clients == "" && !o.Print {
		targets, err = o.pickTargets(ctx)
	}
	return servers, targets, err
}

func (o *configOptions) pickServers(ctx context.Context, c *access.Cluster, all []setup.Server) ([]setup.Server, error) {
	var items []terminal.Item
	for _, s := range all {
		items = append(items, terminal.Item{Label: s.Name, Note: s.Description, Chosen: len(all) == 1})
	}
	chosen, err := o.screen().Choose(ctx, "MCP servers of "+c.Name(), items)
	var servers []setup.Server
	for _, i := range chosen {
		servers = append(servers, all[i])
	}
	return servers, err
}

// pickTargets asks which of the clients on this machine get entries, and sets
// what --client-config would have been.
func (o *configOptions) pickTargets(ctx context.Context) ([]setup.Target, error) {
	found, leftOut, err := o.Targets(o.machine()).Installed()
	if err != nil {
		return nil, err
	}
	for _, err := range leftOut {
		o.voice().Warn("left out: %v", err)
	}
	if len(found) == 0 {
		o.voice().Warn("no MCP client was found on this machine: this is the entry to paste; --client-config writes it to a client by name, or to a file")
		o.Print = true
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
	chosen, err := o.screen().Choose(ctx, "MCP clients on this machine", items)
	var targets []setup.Target
	var ids []string
	for _, i := range chosen {
		targets = append(targets, found[i])
		ids = append(ids, found[i].ID)
	}
	o.Clients = strings.Join(ids, ",")
	return targets, err
}

// confirmPlans shows what would change in which files and asks whether it shall,
// if something would be written.
func (o *configOptions) confirmPlans(ctx context.Context, plans []setup.Plan, failed *setup.Errors) error {
	for _, err := range failed.Errs {
		o.voice().Warn("left out: %v", err)
	}
	changes := slices.DeleteFunc(slices.Clone(plans), func(p setup.Plan) bool { return !p.Changes() })
	if len(changes) == 0 || o.DryRun {
		return nil
	}
	for _, p := range changes {
		if err := o.showDiff(o.stderr, true, p); err != nil {
			return err
		}
	}
	question := "Write this file?"
	if len(changes) > 1 {
		question = fmt.Sprintf("Write these %d files?", len(changes))
	}
	return o.screen().Confirm(ctx, question)
}

// sameCommand is the command line that does what was picked.
func (o *configOptions) sameCommand(servers []setup.Server) string {
	words := []string{"tshmcp", "config"}
	for _, s := range servers {
		words = append(words, s.Name)
	}
	if o.Clients != "" {
		words = append(words, "--client-config="+o.Clients)
	}
	o.flags.Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			word := "--" + f.Name + "=" + value
			switch {
			case f.Name == "client-config":
				continue
			case f.Value.Type() == "bool" && value == "true":
				word = "--" + f.Name
			}
			words = append(words, word)
		}
	})
	return plain.CommandLine(o.GOOS, words)
}
