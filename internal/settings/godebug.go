// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import "strings"

// goDebug is the variable that all programs written in Go listen to.
const goDebug = "GODEBUG"

// MissingHTTP2 is that variable with what it has to be where it turns HTTP/2 off, as
// for the sake of a network's proxy that does not do it well; empty when it does not.
// Calls to Teleport are HTTP/2 and nothing else, inside TLS that no such proxy ends.
func (e *Env) MissingHTTP2() (variable, value string) {
	said := e.Getenv(goDebug)
	if !strings.Contains(said, "http2client=") && !strings.Contains(said, "http2server=") {
		return "", ""
	}
	return goDebug, said + ",http2client=1,http2server=1" // the last one counts
}
