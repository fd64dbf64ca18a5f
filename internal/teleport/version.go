// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"fmt"
	"strings"

	"golang.org/x/mod/semver"
)

const (
	// Version is the Teleport release whose wire protocol this client speaks.
	Version = "18.8.0"
	// oldestVersion is the oldest release that works: those before take the keys of a
	// login by other names (protocol.md 11).
	oldestVersion = "17.0.0"
	// MinMCPVersion is the first release with MCP servers over streamable HTTP, and
	// with SSE apps (protocol.md 11).
	MinMCPVersion = "18.3.0"
	// MinStdioVersion is the first release with stdio apps.
	MinStdioVersion = "18.1.0"
	// originVersion is the lowest release that is known to name who made an error
	// answer at an MCP app (protocol.md 15.3).
	originVersion = "18.11.0"
)

// CheckVersion compares this client with a cluster, given the versions of its
// Ping, and returns a warning for each thing that will not work; none if all
// is well. A client may be one major release behind a cluster, no more;
// minClientVersion, if the cluster names one, says the same.
func CheckVersion(serverVersion, minClientVersion string) []string {
	server, ok := canonical(serverVersion)
	if !ok {
		return []string{fmt.Sprintf("the cluster's version %q is not a Teleport version; tshmcp speaks Teleport %s", oneLine(serverVersion), Version)}
	}
	var warnings []string
	if oldest := oldestClient(server, minClientVersion); semver.Compare("v"+Version, oldest) < 0 {
		warnings = append(warnings, fmt.Sprintf("the cluster runs Teleport %s and accepts clients from %s on, but tshmcp speaks %s: upgrade tshmcp",
			bare(server), short(bare(release(oldest))), Version))
	}
	switch {
	case !atLeast(serverVersion, oldestVersion):
		warnings = append(warnings, fmt.Sprintf("the cluster runs Teleport %s, but tshmcp needs %s or newer: the cluster has to be upgraded",
			bare(server), short(oldestVersion)))
	case !atLeast(serverVersion, MinStdioVersion):
		warnings = append(warnings, fmt.Sprintf("MCP servers need Teleport %s (%s those of type stdio), the cluster runs %s and has to be upgraded for them; an HTTP app that serves MCP works with --path",
			short(MinMCPVersion), short(MinStdioVersion), bare(server)))
	case !supportsMCP(serverVersion):
		warnings = append(warnings, fmt.Sprintf("MCP servers over HTTP and of type sse need Teleport %s, the cluster runs %s and has to be upgraded for them; those of type stdio work",
			short(MinMCPVersion), bare(server)))
	}
	return warnings
}

// short is a release for people: 18.3 for 18.3.0, 17 for 17.0.0.
func short(release string) string {
	return strings.TrimSuffix(strings.TrimSuffix(release, ".0"), ".0")
}

// supportsMCP tells whether a cluster of that version has MCP servers over
// streamable HTTP: from MinMCPVersion on, its pre-releases included.
func supportsMCP(serverVersion string) bool { return atLeast(serverVersion, MinMCPVersion) }

// Serves tells whether a cluster of that version can have the app.
func Serves(serverVersion string, app App) bool {
	return app.Needs() == "" || atLeast(serverVersion, app.Needs())
}

// atLeast is false for what is no version.
func atLeast(serverVersion, oldest string) bool {
	server, ok := canonical(serverVersion)
	return ok && semver.Compare(release(server), "v"+oldest) >= 0
}

// oldestClient is the lowest version of a client that the server accepts.
func oldestClient(server, minClientVersion string) string {
	if v, ok := canonical(minClientVersion); ok {
		return v
	}
	var major int
	if _, err := fmt.Sscanf(semver.Major(server), "v%d", &major); err != nil {
		return server
	}
	// The lowest pre-release, as servers write it themselves.
	return fmt.Sprintf("v%d.0.0-aa", major-1)
}

// canonical turns "18.3.0" into the "v18.3.0" of package semver.
func canonical(version string) (string, bool) {
	v := "v" + strings.TrimPrefix(version, "v")
	return semver.Canonical(v), semver.IsValid(v)
}

// release drops a pre-release: 18.3.0-rc.1 has what 18.3.0 has.
func release(v string) string { return strings.TrimSuffix(v, semver.Prerelease(v)) }

func bare(v string) string { return strings.TrimPrefix(v, "v") }
