// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package configure carries out what tshmcp config is asked to do, for a person: it
// asks for what was not said, shows what would change, has it written, and tells
// what came of it. What is planned, and why, is decided in package setup.
package configure

import (
	"context"
	"io"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// Job is one run of config. All of it must be set.
type Job struct {
	*setup.Request
	Machine  *setup.Machine
	Flags    *settings.Flags
	Clusters *access.Clusters
	// AtCluster does something at the cluster that is meant, for which a person may
	// have to sign in first.
	AtCluster func(ctx context.Context, do func(*access.Cluster) error) error

	Given  []string        // flags as they were given, each a word of a command line
	Screen terminal.Screen // where a person is asked
	Out    io.Writer       // for entries to paste, diffs and tables
	To     plain.Voice
}

// Run does what is asked, once setup has found nothing wrong with the request.
func (j *Job) Run(ctx context.Context) error {
	// A wrong client shall not cost a round trip.
	targets, err := j.Targets(j.Machine).Named(j.Clients, j.List)
	if err != nil {
		return err
	}
	switch {
	case j.List:
		return j.list(targets)
	case j.Remove:
		return j.remove(ctx, targets)
	}
	return j.AtCluster(ctx, func(c *access.Cluster) error { return j.write(ctx, c, targets) })
}

// list shows the clients, those that are here first, with our entries. Where none is
// named it is all clients.
func (j *Job) list(targets []setup.Target) error {
	command, err := j.Machine.Command()
	if err != nil {
		return err
	}
	if j.Clients == "" {
		if targets, err = j.Targets(j.Machine).All(); err != nil {
			return err
		}
	}
	named := j.Format
	if _, client := clientcfg.Lookup(named); client || named == "" { // it is about the files
		named = "text"
	}
	states := j.Machine.States(targets, command)
	print, err := format.Printer(named, func(w io.Writer, _ []setup.ListedClient) error { return setup.StateTable(w, states, j.Machine.Short) })
	if err != nil {
		return err
	}
	return print(j.Out, setup.ListedClients(states))
}

// warnAll warns of each.
func (j *Job) warnAll(texts []string) {
	for _, text := range texts {
		j.To.Warn("%s", text)
	}
}

// remark tells what came of a plan.
func (j *Job) remark(all []setup.Remark) {
	for _, r := range all {
		if r.Warning {
			j.To.Warn("%s", r.Text)
		} else {
			j.To.Line("%s", r.Text)
		}
	}
}
