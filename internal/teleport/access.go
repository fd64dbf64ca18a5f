// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"regexp"
	"slices"
	"strings"
)

// toolDenied begins what Teleport says of a tool that no role allows (protocol.md
// 8.3).
const toolDenied = "RBAC is enforced by your Teleport roles."

// ToolDenied tells whether an error of JSON-RPC is Teleport's, which says that no
// role of the user allows the tool.
func ToolDenied(code int, message string) bool {
	return code == -32602 && strings.HasPrefix(message, toolDenied)
}

// ToolAccess is what a user's roles say about the tools of an MCP server: a
// tool may be used if a pattern of Allowed matches its name and none of Denied
// does. A pattern is a name, a glob with "*", or a regular expression from "^"
// to "$" (protocol.md 10). The cluster decides; this is to explain it.
type ToolAccess struct {
	Allowed []string // empty: no tool
	Denied  []string // a lone "*" if the app as a whole is denied
	// Unresolved names the roles with a part that only the cluster can
	// evaluate: app_labels_expression, or a function in a template. That part
	// is left out above, so the cluster may allow or deny more than it says.
	Unresolved []string
}

// Tools works out the access to the tools of app. Patterns to allow count from
// the roles whose app_labels match the app; patterns to deny from every role,
// and a role whose denied app_labels match denies all. Templates are filled in
// with traits, those of the certificate. All lists are sorted, without doubles.
func Tools(roles []Role, traits map[string][]string, app App) ToolAccess {
	var access ToolAccess
	for _, role := range roles {
		if role.Deny.matches(traits, app) {
			return ToolAccess{Denied: []string{"*"}}
		}
		access.Denied = append(access.Denied, fillAll(role.Deny.Tools, traits)...)
		if role.allowsTools(traits, app) {
			access.Allowed = append(access.Allowed, fillAll(role.Allow.Tools, traits)...)
		}
		if role.unresolved(traits, app) {
			access.Unresolved = append(access.Unresolved, role.Name)
		}
	}
	access.Allowed = sortedSet(access.Allowed)
	access.Denied = sortedSet(access.Denied)
	access.Unresolved = sortedSet(access.Unresolved)
	return access
}

// allowsTools tells whether the role's patterns count for the app. A role with
// both labels and an expression allows what both match, so labels alone do not
// settle it.
func (r Role) allowsTools(traits map[string][]string, app App) bool {
	return r.Allow.AppLabelsExpression == "" && r.Allow.matches(traits, app)
}

// unresolved tells whether the role may allow or deny tools of the app beyond
// what Tools finds.
func (r Role) unresolved(traits map[string][]string, app App) bool {
	if r.Deny.opaque() {
		return true
	}
	if len(r.Allow.Tools) == 0 || !r.Allow.opaque() {
		return false
	}
	return r.Allow.matches(traits, app) || len(r.Allow.AppLabels) == 0 || r.Allow.opaqueLabels()
}

// opaque tells whether the conditions have a part that cannot be evaluated here.
func (c RoleConditions) opaque() bool {
	return c.AppLabelsExpression != "" || c.opaqueLabels() || slices.ContainsFunc(c.Tools, opaqueTemplate)
}

func (c RoleConditions) opaqueLabels() bool {
	for key, values := range c.AppLabels {
		if opaqueTemplate(key) || slices.ContainsFunc(values, opaqueTemplate) {
			return true
		}
	}
	return false
}

// matches tells whether the app has all labels of the conditions, each with one
// of the values (protocol.md 7.2). No labels match nothing, and a label
// whose name is a template without a value neither.
func (c RoleConditions) matches(traits map[string][]string, app App) bool {
	if slices.Equal(c.AppLabels["*"], []string{"*"}) {
		return true
	}
	for key, patterns := range c.AppLabels {
		keys := fill(key, traits)
		if len(keys) == 0 {
			return false
		}
		value, ok := app.label(keys[0])
		if !ok || !matchesAny(fillAll(patterns, traits), value) {
			return false
		}
	}
	return len(c.AppLabels) > 0
}

func matchesAny(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matchesPattern(p, value) })
}

// matchesPattern compares with a literal, a glob or, from ^ to $, a regular
// expression. A broken one, which a cluster does not let into a role, matches
// nothing.
func matchesPattern(pattern, value string) bool {
	if !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") {
		pattern = "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, "(.*)") + "$"
	}
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString(value)
}

func sortedSet(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
