// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

// Releases whose handling of MCP apps is known. NewestVersion is that of a
// Config that names none.
const (
	NewestVersion = "18.11.0"

	firstMCPVersion = "18.3.0" // with MCP apps over HTTP
)

// mcpRelease is what the handling of MCP apps depends on (protocol.md
// 15).
type mcpRelease struct {
	apps       bool // MCP apps over HTTP are known
	oldStreams bool // the reader of event streams that takes few of them
	// explains: an error has its own status, its text as the body, and says in a
	// header where it comes from. Else it is 500 unless the network failed.
	explains bool
}

// mcpReleaseOf returns how a release treats MCP apps. Where between 18.3 and the
// newest each part has changed is not known: all below the newest are like 18.3.
func mcpReleaseOf(cfg Config) mcpRelease {
	newest := cfg.atLeast(NewestVersion)
	return mcpRelease{
		apps:       cfg.atLeast(firstMCPVersion),
		oldStreams: !newest,
		explains:   newest,
	}
}
