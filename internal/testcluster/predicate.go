// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"regexp"
	"strconv"
)

// predicateTerm is one comparison of a predicate and what follows it: the
// field as a path or as labels["key"], and a quoted string.
var predicateTerm = regexp.MustCompile(
	`^\s*(?:([a-z_]+(?:\.[\w-]+)*)|labels\[("(?:[^"\\]|\\.)*")\])\s*==\s*("(?:[^"\\]|\\.)*")\s*(&&|$)`)

// matches evaluates the part of Teleport's predicate language that lists of
// apps need (protocol.md 7.3): comparisons such as name == "x",
// labels.env == "prod" and labels["env"] == "prod", joined by &&. The empty
// predicate matches everything; anything else that is not understood matches
// nothing, as unknown fields do on a real cluster.
func matches(predicate string, fields map[string]string) bool {
	if predicate == "" {
		return true
	}
	for {
		term := predicateTerm.FindStringSubmatch(predicate)
		if term == nil {
			return false
		}
		field := term[1]
		if term[2] != "" {
			key, err := strconv.Unquote(term[2])
			if err != nil {
				return false
			}
			field = "labels." + key
		}
		want, err := strconv.Unquote(term[3])
		got, ok := fields[field]
		if err != nil || !ok || got != want {
			return false
		}
		predicate = predicate[len(term[0]):]
		if term[4] == "" {
			return true
		}
	}
}
