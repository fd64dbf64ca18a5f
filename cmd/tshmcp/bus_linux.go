// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
)

// sessionBus is the standard address of the user's D-Bus session bus.
func sessionBus() (address, socket string) {
	socket = fmt.Sprintf("/run/user/%d/bus", os.Getuid())
	return "unix:path=" + socket, socket
}

// useSessionBus points the keyring at the user's session bus when the MCP
// client that launched us stripped DBUS_SESSION_BUS_ADDRESS. The standard
// address is set even when nothing listens there: a clean failure, where an
// empty variable, or "autolaunch:", would make the D-Bus library launch a bus
// of its own.
func useSessionBus(e *env) error {
	if a := e.getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" && !strings.HasPrefix(a, "autolaunch:") {
		return nil
	}
	address, _ := sessionBus()
	return os.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
}

// strippedBus is the D-Bus address that a client's entry has to carry because
// it is not the one that useSessionBus would find; empty when it is.
func strippedBus(e *env) string {
	standard, _ := sessionBus()
	// A guid names one run of the bus and would be wrong after the next start.
	address, _, _ := strings.Cut(e.getenv("DBUS_SESSION_BUS_ADDRESS"), ",guid=")
	if address == standard {
		return ""
	}
	return address
}
