// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import "testing"

func TestTypable(t *testing.T) {
	for _, name := range []string{"notes", "grafana-mcp", "a.b_c", "x@y:1/z", "7", "größe", "e\u0301t\u00e9", "日本", "размер"} {
		if !Typable(name) {
			t.Errorf("%q is a word of every shell", name)
		}
	}
	for _, name := range []string{"", "-rf", "--all", "a b", "a;b", "$(id)", "`id`", "a\n", "a'b", `a"b`, "~", "*", "a&", "a\u3164", "a\u200db", "\u0301", "a\u00a0b", "a\u2019b", "\u2013a", "\xff", "a\x1b[0m", "%PATH%", "=a"} {
		if Typable(name) {
			t.Errorf("%q does something in a shell", name)
		}
	}
}
