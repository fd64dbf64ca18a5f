// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"fmt"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// silentError means that a connection to a raw app ended before its server said
// anything, for a reason that only the app service's log has.
type silentError struct {
	Name, Kind string
	Err        error // why the cluster could not be asked about it, or nil
}

func (e *silentError) Error() string {
	text := fmt.Sprintf("Teleport closed the connection to %s without saying why, although you may use it", e.Name)
	if e.Err != nil {
		text = fmt.Sprintf("Teleport closed the connection to %s without saying why, and the cluster could not be asked: %v", e.Name, e.Err)
	}
	return text
}

func (e *silentError) Unwrap() error { return e.Err }

func (e *silentError) Hints() []string {
	server := "its command cannot be started, or exits right away"
	if e.Kind == "sse" {
		server = "its server is down, or not at the app's address"
	}
	return []string{server + ", or its app service is offline or has just started: ask your Teleport administrator, the app service's log has the reason"}
}
func (e *silentError) ExitCode() int           { return exitError }
func (e *silentError) ErrorCode() errcode.Code { return errcode.AppSilent }

// hungUpError means that a proxy that does not tell its version hung up when it was
// asked for a raw app.
type hungUpError struct{ Name, Kind, Needs string }

func (e *hungUpError) Error() string {
	return fmt.Sprintf("the Teleport proxy hung up when asked for %s, as proxies do that are too old for %s apps", e.Name, e.Kind)
}

func (e *hungUpError) Hints() []string {
	return []string{fmt.Sprintf("%s apps need Teleport %s; ask your Teleport administrator which version the proxy has", e.Kind, e.Needs)}
}
func (e *hungUpError) ExitCode() int           { return exitError }
func (e *hungUpError) ErrorCode() errcode.Code { return errcode.ClusterTooOld }

// notRawError means that something that speaks HTTP answered in the place of a raw
// app.
type notRawError struct{ Name, Kind string }

func (e *notRawError) Error() string {
	return fmt.Sprintf("Teleport does not serve %s as an app of type %s", e.Name, e.Kind)
}

func (e *notRawError) Hints() []string {
	return []string{"the app was changed, or its app service is too old for MCP servers: restart the client, or ask your Teleport administrator"}
}
func (e *notRawError) ExitCode() int           { return exitError }
func (e *notRawError) ErrorCode() errcode.Code { return errcode.AppNotServed }
