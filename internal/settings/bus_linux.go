// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"fmt"
	"os"
	"strings"
)

// busVariable names the D-Bus session bus, behind which Linux's keyring is.
const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// StandardBus is the standard address of the user's D-Bus session bus.
func StandardBus() (address, socket string) {
	socket = fmt.Sprintf("/run/user/%d/bus", os.Getuid())
	return "unix:path=" + socket, socket
}

// MissingBus is the variable that points the keyring at the user's session bus
// when the MCP client that launched us stripped it, with its value; empty when
// it is there. The standard address is set even when nothing listens there: a
// clean failure, where an empty variable, or "autolaunch:", would make the D-Bus
// library launch a bus of its own.
func (e *Env) MissingBus() (variable, address string) {
	if a := e.Getenv(busVariable); a != "" && !strings.HasPrefix(a, "autolaunch:") {
		return "", ""
	}
	address, _ = StandardBus()
	return busVariable, address
}

// OwnBus is the D-Bus address that a client's entry has to carry because it is
// not the standard one; empty when it is.
func (e *Env) OwnBus() string {
	standard, _ := StandardBus()
	// A guid names one run of the bus and would be wrong after the next start.
	address, _, _ := strings.Cut(e.Getenv(busVariable), ",guid=")
	if address == standard {
		return ""
	}
	return address
}
