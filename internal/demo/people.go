// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package demo is the stage of tshmcp demo: a Teleport-compatible cluster with
// its users, and a small MCP server. [Tour] plays the whole tour on it, and
// [Stage] keeps it up. How tshmcp itself is run, the environment and where to
// write are handed in.
package demo

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// roleName is the role that lets people use MCP servers.
const roleName = "mcp-user"

// Role is the role that the demo's users have: every app, these tools.
func Role(allow, deny []string) testcluster.Role {
	return testcluster.Role{
		Name:           roleName,
		AllowAppLabels: map[string][]string{"*": {"*"}},
		AllowTools:     allow,
		DenyTools:      deny,
	}
}

// Users are the people of the demo's identity provider. The roles editor and
// viewer are there for apps that read the roles claim; carol shows what a user
// without MCP rights sees.
func Users() []testcluster.User {
	return []testcluster.User{
		{Name: "alice", Roles: []string{roleName, "editor"}, Traits: map[string][]string{"team": {"observability"}}},
		{Name: "bob", Roles: []string{roleName, "viewer"}, Traits: map[string][]string{"team": {"web"}}},
		{Name: "carol", Roles: []string{"viewer"}},
	}
}

// Roles completes the role that grants something by those that only stand in
// the users' certificates.
func Roles(grants testcluster.Role) []testcluster.Role {
	return []testcluster.Role{grants, {Name: "editor"}, {Name: "viewer"}}
}

// requesting lets users without MCP rights request them.
func requesting(roles []testcluster.Role) []testcluster.Role {
	for i, role := range roles {
		if role.Name == "viewer" {
			roles[i].RequestRoles, roles[i].SearchAsRoles = []string{roleName}, []string{roleName}
			roles[i].SuggestedReviewers = []string{"alice"}
		}
	}
	return roles
}

// mayUse names those who may use an MCP server, for people.
func mayUse() string {
	var names []string
	for _, u := range Users() {
		if slices.Contains(u.Roles, roleName) {
			names = append(names, u.Name)
		}
	}
	return strings.Join(names, " or ")
}
