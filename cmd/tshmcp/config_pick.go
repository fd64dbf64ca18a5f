// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// screen is where a person is asked.
func (o *configOptions) screen() terminal.Screen {
	return terminal.Screen{In: o.stdin, Out: o.stderr, GOOS: o.goos, Getenv: o.getenv}
}

// pick asks a person for the servers and the clients, shows what would change,
// and goes on as with flags once it is confirmed.
func (o *configOptions) pick(ctx context.Context, targets []target) error {
	c, err := o.openCluster(&o.sourceFlags)
	if err != nil {
		return err
	}
	all, err := o.servers(ctx, c, nil)
	if err != nil {
		return err
	}
	servers, err := o.pickServers(ctx, c, all)
	if err != nil {
		return err
	}
	if o.clients == "" && !o.print {
		if targets, err = o.pickTargets(ctx); err != nil {
			return err
		}
	}
	opts, err := o.options()
	if err != nil {
		return err
	}
	plans, failed := o.plans(c, targets, servers, opts)
	for _, err := range failed.Errs {
		o.warn("left out: %v", err)
	}
	if err := o.confirmPlans(ctx, plans); err != nil {
		return err
	}
	if err := o.carryOutAll(ctx, c, plans, failed, servers, opts); err != nil {
		return err
	}
	fmt.Fprintf(o.stderr, "\nThe same without questions:\n  %s\n", o.sameCommand(servers))
	return nil
}

func (o *configOptions) pickServers(ctx context.Context, c *cluster, all []configServer) ([]configServer, error) {
	var items []terminal.Item
	for _, s := range all {
		items = append(items, terminal.Item{Label: s.name, Note: s.description, Chosen: len(all) == 1})
	}
	chosen, err := o.screen().Choose(ctx, "MCP servers of "+c.name(), items)
	var servers []configServer
	for _, i := range chosen {
		servers = append(servers, all[i])
	}
	return servers, err
}

// pickTargets asks which of the clients on this machine get entries, and sets
// what --client-config would have been.
func (o *configOptions) pickTargets(ctx context.Context) ([]target, error) {
	found, err := o.foundTargets()
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		o.warn("no MCP client was found on this machine: this is the entry to paste; --client-config writes it to a client by name, or to a file")
		o.print = true
		return []target{{}}, nil
	}
	var items []terminal.Item
	for _, t := range found {
		note := t.path
		if t.path == "" {
			note = "prints the entry to paste: " + t.PrintReason
		}
		items = append(items, terminal.Item{Label: t.Name, Note: note, Chosen: len(found) == 1})
	}
	chosen, err := o.screen().Choose(ctx, "MCP clients on this machine", items)
	var targets []target
	var ids []string
	for _, i := range chosen {
		targets = append(targets, found[i])
		ids = append(ids, found[i].ID)
	}
	o.clients = strings.Join(ids, ",")
	return targets, err
}

// foundTargets are the clients that are installed here, those with a file that
// can be written first.
func (o *configOptions) foundTargets() ([]target, error) {
	var written, printed []target
	for _, client := range clientcfg.Clients() {
		if !client.Installed(o.clientEnv()) {
			continue
		}
		t, err := o.targetOf(client)
		switch {
		case err != nil:
			return nil, err
		case t.err != nil && o.scope == string(clientcfg.UserScope):
			o.warn("left out: %v", t.err)
		case t.err != nil: // it has no file for a project
		case t.path == "":
			printed = append(printed, t)
		default:
			written = append(written, t)
		}
	}
	return append(written, printed...), nil
}

// confirmPlans shows what would change in which files and asks whether it shall,
// if something would be written.
func (o *configOptions) confirmPlans(ctx context.Context, plans []plan) error {
	changes := slices.DeleteFunc(slices.Clone(plans), func(p plan) bool {
		return o.printed(p.target) || bytes.Equal(p.before, p.after)
	})
	if len(changes) == 0 || o.dryRun {
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
func (o *configOptions) sameCommand(servers []configServer) string {
	words := []string{"tshmcp", "config"}
	for _, s := range servers {
		words = append(words, s.name)
	}
	if o.clients != "" {
		words = append(words, "--client-config="+o.clients)
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
	return commandLine(o.goos, words)
}
