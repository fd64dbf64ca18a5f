// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// vendorCommand is the command line with which the client's own tool makes an
// entry, or empty if it has none or cannot say everything that is in the entry.
func vendorCommand(goos string, client clientcfg.Client, name string, e clientcfg.Entry) string {
	if !strings.HasSuffix(client.VendorCLI, "NAME -- COMMAND ARGS") || len(e.Env)+len(e.EnvVars) > 0 {
		return ""
	}
	words := strings.Fields(strings.TrimSuffix(client.VendorCLI, "NAME -- COMMAND ARGS"))
	words = append(words, name, "--", e.Command)
	return plain.CommandLine(goos, append(words, e.Args...))
}
