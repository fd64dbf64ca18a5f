// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import "strings"

// A template is text with one trait in it: {{internal.logins}},
// prefix-{{external.team}}, {{external["my-team"]}} (protocol.md 7.2,
// 10). Functions, such as regexp.replace, are left to the cluster.

// fill returns the text once for each value of the trait it names, or just the
// text if it is no template. A trait without a value, and a template that
// cannot be read, give nothing, so that they neither allow nor deny.
func fill(text string, traits map[string][]string) []string {
	if !isTemplate(text) {
		return []string{text}
	}
	prefix, trait, suffix, ok := cutTemplate(text)
	if !ok {
		return nil
	}
	var filled []string
	for _, value := range traits[trait] {
		if value != "" {
			filled = append(filled, prefix+value+suffix)
		}
	}
	return filled
}

func fillAll(texts []string, traits map[string][]string) []string {
	var filled []string
	for _, text := range texts {
		filled = append(filled, fill(text, traits)...)
	}
	return filled
}

func isTemplate(text string) bool {
	return strings.Contains(text, "{{") || strings.Contains(text, "}}")
}

// opaqueTemplate tells whether the text is a template that cannot be read.
func opaqueTemplate(text string) bool {
	if !isTemplate(text) {
		return false
	}
	_, _, _, ok := cutTemplate(text)
	return !ok
}

// cutTemplate separates the name of the trait from the text around it.
func cutTemplate(text string) (prefix, trait, suffix string, ok bool) {
	prefix, rest, _ := strings.Cut(text, "{{")
	expr, suffix, closed := strings.Cut(rest, "}}")
	if !closed || strings.ContainsAny(prefix+suffix, "{}") {
		return "", "", "", false
	}
	expr = strings.TrimSpace(expr)
	name, found := strings.CutPrefix(expr, "internal")
	if !found {
		name, found = strings.CutPrefix(expr, "external")
	}
	if !found {
		return "", "", "", false
	}
	trait, ok = traitName(name)
	return prefix, trait, suffix, ok
}

// traitName reads .name or ["name"].
func traitName(s string) (string, bool) {
	if name, ok := strings.CutPrefix(s, "."); ok {
		return name, name != "" && !strings.ContainsAny(name, `.[]()", `)
	}
	name, open := strings.CutPrefix(s, `["`)
	name, closed := strings.CutSuffix(name, `"]`)
	return name, open && closed && name != "" && !strings.Contains(name, `"`)
}
