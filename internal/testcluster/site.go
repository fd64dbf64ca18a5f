// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"errors"
	"slices"
)

// site is what the cluster and each of its leaves have of their own: a name and a
// release, users, roles and apps, and the authorities that sign.
type site struct {
	*registry
	*issuer
	cfg     Config // with defaults filled in, never changed
	mcp     mcpRelease
	jwt     *jwtSigner
	root    *site         // of a leaf, else nil
	roleMap []RoleMapping // of a leaf
}

// newSite makes what a configuration describes, and its keys.
func newSite(cfg Config, hooks *hooks) (*site, error) {
	s := &site{cfg: cfg, mcp: mcpReleaseOf(cfg), registry: newRegistry(cfg)}
	var failed, err error
	s.jwt, failed = newJWTSigner(cfg.Name)
	s.issuer, err = newIssuer(cfg, s.registry, newSessions(cfg.AppTimes), hooks)
	return s, errors.Join(failed, err)
}

// atLeast reports whether the cluster claims to be of this version or newer.
func (s *site) atLeast(version string) bool { return s.cfg.atLeast(version) }

// knowsMCP reports whether the cluster is of a version that has MCP servers
// (protocol.md 11).
func (s *site) knowsMCP() bool { return s.atLeast("18.1.0") }

// here is a user of the root as this cluster knows them: in a leaf under
// another name and with the roles that the role map gives (protocol.md 6.7).
func (s *site) here(id identity) identity {
	if s.root == nil {
		return id
	}
	var roles []string
	for _, mapping := range s.roleMap {
		if slices.ContainsFunc(id.Roles, func(role string) bool { return patternMatches(mapping.Remote, role) }) {
			roles = append(roles, mapping.Local...)
		}
	}
	slices.Sort(roles)
	id.Roles = slices.Compact(roles)
	id.Username = "remote-" + id.Username + "-" + id.Cluster
	return id
}

// protocols is what the proxy negotiates, whoever serves the connection then: by
// its own order, not by the client's (protocol.md 13.1). Without TLS routing it is
// a web port.
func (s *site) protocols() []string {
	web := []string{alpnHTTP1, alpnHTTP2}
	switch {
	case s.cfg.TLSRouting == TLSRoutingOff:
		return web
	case s.mcp.raw:
		return append([]string{alpnMCPPing, alpnMCP, alpnTCP}, web...)
	}
	return append([]string{alpnTCP}, web...)
}
