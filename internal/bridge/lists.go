// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

// listOf is the member of a list's result that must be an array, by method.
var listOf = map[string]string{
	methodTools:                "tools",
	"prompts/list":             "prompts",
	"resources/list":           "resources",
	"resources/templates/list": "resourceTemplates",
}

// mendList makes an empty array of the null that some encoders write for an
// empty list, and that clients refuse. Every other byte stays.
func mendList(method string, doc []byte) []byte {
	at, ok := find(doc, "result", listOf[method])
	if !ok || listOf[method] == "" || string(at.of(doc)) != "null" {
		return doc
	}
	return splice(doc, at, []byte("[]"))
}
