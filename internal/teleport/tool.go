// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import "slices"

// ToolVerdict is what a user's roles say about one tool, and which of them. The
// cluster decides; this is to explain it.
type ToolVerdict struct {
	Allowed bool
	// By are the roles that allow the tool, or if any denies it those. Sorted; none
	// if no role says anything of the tool, which denies it.
	By []string
	// Unresolved are the roles that may change that, see [ToolAccess].
	Unresolved []string
}

// JudgeTool works out the access to one tool of app, as [Tools] does for all.
func JudgeTool(roles []Role, traits map[string][]string, app App, tool string) ToolVerdict {
	var v ToolVerdict
	var allow, deny []string
	for _, role := range roles {
		if role.Deny.matches(traits, app) || matchesAny(fillAll(role.Deny.Tools, traits), tool) {
			deny = append(deny, role.Name)
		}
		if role.allowsTools(traits, app) && matchesAny(fillAll(role.Allow.Tools, traits), tool) {
			allow = append(allow, role.Name)
		}
		if role.unresolved(traits, app) {
			v.Unresolved = append(v.Unresolved, role.Name)
		}
	}
	v.By, v.Allowed = sortedSet(deny), false
	if len(deny) == 0 {
		v.By, v.Allowed = sortedSet(allow), len(allow) > 0
	}
	v.Unresolved = sortedSet(v.Unresolved)
	return v
}

// DeniedTools are the patterns that deny tools of app, each with the role that has
// it; "*" of a role that denies the app as a whole.
type DeniedTools struct{ Pattern, Role string }

// Denials lists what the roles deny of app, by role, without doubles.
func Denials(roles []Role, traits map[string][]string, app App) []DeniedTools {
	var all []DeniedTools
	add := func(pattern, role string) {
		if d := (DeniedTools{pattern, role}); !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	for _, role := range roles {
		if role.Deny.matches(traits, app) {
			add("*", role.Name)
		}
		for _, pattern := range fillAll(role.Deny.Tools, traits) {
			add(pattern, role.Name)
		}
	}
	return all
}
