// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"regexp"
	"slices"
	"strings"
)

// appAllowed reports whether roles let a user with these traits use the app: a
// label match of any deny side wins over that of any allow side
// (protocol.md 7.2).
func appAllowed(roles []Role, traits map[string][]string, app App) bool {
	allowed := false
	for _, role := range roles {
		if labelsMatch(role.DenyAppLabels, traits, app.Labels) {
			return false
		}
		allowed = allowed || labelsMatch(role.AllowAppLabels, traits, app.Labels)
	}
	return allowed
}

// mayUse reports whether a user may use an app of the site.
func (s *site) mayUse(id identity, app App) bool {
	return id.reaches(s.cfg.Name, app.Name) && appAllowed(s.rolesOf(id), id.Traits, app)
}

// toolAllowed reports whether roles let a user call a tool of an app they may
// use. A tool denied by any role is denied; one is allowed only by a role whose
// app labels match the app, and a role that names no tools allows none
// (protocol.md 10).
func toolAllowed(roles []Role, traits map[string][]string, app App, tool string) bool {
	allowed := false
	for _, role := range roles {
		if anyMatches(role.DenyTools, traits, tool) {
			return false
		}
		allowed = allowed ||
			labelsMatch(role.AllowAppLabels, traits, app.Labels) && anyMatches(role.AllowTools, traits, tool)
	}
	return allowed
}

// labelsMatch reports whether labels satisfy a selector: every key must match
// with one of its values. An empty selector matches nothing.
func labelsMatch(selector map[string][]string, traits map[string][]string, labels map[string]string) bool {
	if len(selector) == 0 {
		return false
	}
	if slices.Contains(selector["*"], "*") {
		return true
	}
	for key, patterns := range selector {
		value, ok := labels[key]
		if !ok || !anyMatches(patterns, traits, value) {
			return false
		}
	}
	return true
}

// anyMatches reports whether one of the patterns, templates resolved, matches.
func anyMatches(patterns []string, traits map[string][]string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return slices.ContainsFunc(expandTraits(pattern, traits), func(p string) bool {
			return patternMatches(p, value)
		})
	})
}

// patternMatches matches a whole value against a literal, a glob ("*" is any
// sequence) or a regular expression ("^...$"). A regular expression that does
// not compile matches nothing.
func patternMatches(pattern, value string) bool {
	if !strings.HasPrefix(pattern, "^") || !strings.HasSuffix(pattern, "$") {
		if !strings.Contains(pattern, "*") {
			return pattern == value
		}
		pattern = "(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
	}
	re, err := regexp.Compile(pattern)
	return err == nil && re.MatchString(value)
}
