// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/tshmcp/tshmcp/internal/setup"

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
	return setup.StateTable(o.stdout, o.machine().States(targets, command))
}
