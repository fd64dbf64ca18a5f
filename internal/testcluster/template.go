// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "github.com/tshmcp/tshmcp/internal/pattern"

// traitTemplate is a value with one variable: prefix{{namespace.name}}suffix. The
// name may also be written ["name"]. Functions are not modelled.
var traitTemplate = pattern.New(
	`^(?s)(.*?)\{\{\s*(\w+)(?:\.([\w.-]+)|\["([^"]+)"\])\s*\}\}(.*)$`)

// anyTemplate finds what claims to be a template, well-formed or not.
var anyTemplate = pattern.New(`\{\{|\}\}`)

// expandTraits resolves a template of a role or an app against a user's traits
// (protocol.md 10): {{internal.NAME}} and {{external.NAME}} stand for
// every value of a trait. Text without a template stands for itself; a
// template without a value, or a malformed one, for nothing.
func expandTraits(text string, traits map[string][]string) []string {
	return expand(text, func(_, name string) []string { return traits[name] })
}

// expand is expandTraits with another source of values.
func expand(text string, lookup func(namespace, name string) []string) []string {
	m := traitTemplate.FindStringSubmatch(text)
	if m == nil {
		if anyTemplate.MatchString(text) {
			return nil
		}
		return []string{text}
	}
	prefix, namespace, name, suffix := m[1], m[2], m[3]+m[4], m[5]
	if namespace != "internal" && namespace != "external" || anyTemplate.MatchString(prefix+suffix) {
		return nil
	}
	var out []string
	for _, v := range lookup(namespace, name) {
		if v != "" {
			out = append(out, prefix+v+suffix)
		}
	}
	return out
}
