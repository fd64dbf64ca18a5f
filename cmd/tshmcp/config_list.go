// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// clientState is what --list-clients shows of one client.
type clientState struct {
	target
	installed bool
	note      string // why the entries cannot be told; "" if they can
	entries   []string
	drift     bool // an entry runs another program than this one
}

// listClients prints the clients, those that are here first, with our entries.
// Without --client-config it is all clients.
func (o *configOptions) listClients(targets []target) error {
	command, err := o.command()
	if err != nil {
		return err
	}
	var states []clientState
	if o.clients == "" {
		targets = nil
		for _, client := range clientcfg.Clients() {
			t, err := o.targetOf(client)
			if err != nil {
				return err
			}
			targets = append(targets, t)
		}
	}
	for _, t := range targets {
		states = append(states, o.state(t, command))
	}
	slices.SortStableFunc(states, func(a, b clientState) int {
		return cmp.Compare(rank(a), rank(b))
	})
	return o.printStates(states)
}

func rank(s clientState) int {
	switch {
	case len(s.entries) > 0:
		return 0
	case s.installed:
		return 1
	case s.path != "":
		return 2
	}
	return 3
}

func (o *configOptions) state(t target, command string) clientState {
	s := clientState{target: t, installed: t.ID != "" && t.Installed(o.clientEnv())}
	var none *clientcfg.NoFileError
	switch {
	case errors.As(t.err, &none):
		s.note = "print only: " + none.Reason
		return s
	case t.err != nil:
		s.note = t.err.Error()
		return s
	case t.path == "":
		s.note = "print only: " + t.PrintReason
		return s
	}
	all, err := t.EntriesOf(t.path, command)
	if err != nil {
		s.note = strings.TrimPrefix(err.Error(), t.path+": ")
		return s
	}
	for _, entry := range all {
		if !entry.Ours {
			continue
		}
		text := entry.Name
		if drifted(entry.Entry.Command, command) {
			text += " [!]"
			s.drift = true
		}
		s.entries = append(s.entries, text)
	}
	return s
}

// drifted reports whether an entry runs another program than this one.
func drifted(entry, command string) bool {
	return filepath.Clean(entry) != filepath.Clean(command) && !sameFile(entry, command)
}

func (o *configOptions) printStates(states []clientState) error {
	t := tabwriter.NewWriter(o.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "CLIENT\tNAME\tINSTALLED\tENTRIES\tFILE")
	drift := false
	for _, s := range states {
		installed := "-"
		if s.installed {
			installed = "yes"
		}
		// The last column is the one that may be long.
		file := strings.Join(slices.DeleteFunc([]string{s.path, s.note}, func(part string) bool { return part == "" }), ": ")
		fmt.Fprintln(t, strings.Join([]string{
			cmp.Or(s.ID, "-"), s.Name, installed, oneLine(cmp.Or(strings.Join(s.entries, ", "), "-")), oneLine(file),
		}, "\t"))
		drift = drift || s.drift
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if drift {
		fmt.Fprintln(o.stdout, "\n[!] The entry runs another program than this one: tshmcp config NAME --client-config=CLIENT brings it up to date.")
	}
	return nil
}
