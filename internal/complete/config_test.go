// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"strings"
	"testing"
)

func TestClients(t *testing.T) {
	for typed, want := range map[string]string{
		"curs":               "cursor",
		"claude,curs":        "claude,cursor",
		"cursor,curs":        "",
		"./mcp.json":         "",
		"./mcp.json,cursor,": "*",
	} {
		var words []string
		for _, c := range clients(typed) {
			if c.Means == "" {
				t.Errorf("%s has no name", c.Text)
			}
			words = append(words, c.Text)
		}
		got := strings.Join(words, " ")
		if want == "*" {
			if len(words) < 10 || strings.Contains(got+" ", ",cursor ") {
				t.Errorf("%q: %s", typed, got)
			}
		} else if got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}
