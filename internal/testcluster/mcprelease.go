// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

// Releases whose handling of MCP apps is known. NewestVersion is that of a
// Config that names none.
const (
	NewestVersion = "18.11.0"

	firstRawVersion = "18.1.0" // with stdio apps
	firstMCPVersion = "18.3.0" // with MCP apps over HTTP, and SSE apps
)

// mcpRelease is what the handling of MCP apps depends on (protocol.md
// 15).
type mcpRelease struct {
	raw        bool // stdio apps are known, and how the proxy is asked for them
	apps       bool // MCP apps over HTTP are known, and SSE apps
	oldStreams bool // the reader of event streams that takes few of them
	// sseHeaders: servers of SSE apps are sent the JWT and the headers of rewrites.
	sseHeaders bool
	// explains: an error has its own status, its text as the body, and says in a
	// header where it comes from. Else it is 500 unless the network failed.
	explains bool
}

// mcpReleaseOf returns how a release treats MCP apps. Where between 18.3 and the
// newest each part has changed is not known: all below the newest are like 18.3.
func mcpReleaseOf(cfg Config) mcpRelease {
	newest := cfg.atLeast(NewestVersion)
	return mcpRelease{
		raw:        cfg.atLeast(firstRawVersion),
		apps:       cfg.atLeast(firstMCPVersion),
		oldStreams: !newest,
		sseHeaders: newest,
		explains:   newest,
	}
}

// takesRaw reports whether the proxy hands connections with an ALPN value to raw
// apps. teleport-tcp leads to the same place, and always has.
func (r mcpRelease) takesRaw(proto string) bool {
	return proto == alpnTCP || r.raw && (proto == alpnMCP || proto == alpnMCPPing)
}
