// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

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
	list := listOf[method]
	if list == "" {
		return doc
	}
	at, ok := frame.Find(doc, "result", list)
	if !ok || string(at.Of(doc)) != "null" {
		return doc
	}
	return frame.Splice(doc, at, []byte("[]"))
}

// lostMembers are what a list of tools must have in the modern era and loses
// where LossyLists is set: it is a whole result, like any list, and how long and
// for whom it may be kept is not known, so it is not kept at all.
var lostMembers = []struct{ name, value string }{
	{"resultType", `"complete"`},
	{"ttlMs", "0"},
	{"cacheScope", `"private"`},
}

// completeList puts the members that are missing into a list of tools.
func completeList(doc []byte) []byte {
	at, ok := frame.Find(doc, "result")
	if !ok || at.Of(doc)[0] != '{' {
		return doc
	}
	var missing []byte
	for _, m := range lostMembers {
		if _, has := frame.Find(doc, "result", m.name); !has {
			missing = fmt.Appendf(missing, "%q:%s,", m.name, m.value)
		}
	}
	if rest := bytes.TrimSpace(at.Of(doc)[1:]); rest[0] == '}' {
		missing = bytes.TrimSuffix(missing, []byte(","))
	}
	return frame.Splice(doc, frame.Span{Start: at.Start + 1, End: at.Start + 1}, missing)
}
