// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// listClients prints the clients, those that are here first, with our entries.
// Without --client-config it is all clients.
func (o *configOptions) listClients(targets []setup.Target) error {
	command, err := o.machine().Command()
	if err != nil {
		return err
	}
	if o.Clients == "" {
		if targets, err = o.Targets(o.machine()).All(); err != nil {
			return err
		}
	}
	t := plain.NewTable(o.stdout, "CLIENT", "NAME", "INSTALLED", "ENTRIES", "FILE")
	drift := false
	for _, s := range o.machine().States(targets, command) {
		var entries []string
		for _, e := range s.Entries {
			if e.Drift {
				drift = true
				e.Name += " [!]"
			}
			entries = append(entries, e.Name)
		}
		installed := ""
		if s.Installed {
			installed = "yes"
		}
		// The last column is the one that may be long.
		file := strings.Join(slices.DeleteFunc([]string{s.File, s.Note}, func(part string) bool { return part == "" }), ": ")
		t.Row(cmp.Or(s.ID, "-"), s.Name, installed, strings.Join(entries, ", "), file)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if drift {
		plain.Fprintf(o.stdout, "\n[!] The entry runs another program than this one: tshmcp config NAME --client-config=CLIENT brings it up to date.\n")
	}
	return nil
}
