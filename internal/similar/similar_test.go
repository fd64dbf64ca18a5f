// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package similar

import (
	"slices"
	"strings"
	"testing"
)

// TestShortNames: of short names what is two edits away is another word.
func TestShortNames(t *testing.T) {
	commands := []string{"login", "logout", "logs", "ls", "list", "status", "use", "tools", "call"}
	for typed, want := range map[string][]string{
		"lss": {"ls"}, "sl": {"ls"}, "st": {"status"}, "lgos": {"logs"}, "tolos": {"tools"},
		"xx": nil, "x": nil, "sttaus": {"status"}, "lgoni": {"login"}, "clal": {"call"}, "get": nil, "cat": nil,
	} {
		got := To(typed, commands)
		for _, name := range want {
			if !slices.Contains(got, name) {
				t.Errorf("%q: %q lacks %s", typed, got, name)
			}
		}
		if len(got) > len(want) {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got := To("noets", []string{"notes"}); len(got) != 1 {
		t.Errorf("noets: %q", got)
	}
}

func TestTo(t *testing.T) {
	tools := []string{"get_note", "get_notes", "search_notes", "delete_note", "x", "", strings.Repeat("get_note", 20)}
	for typed, want := range map[string][]string{
		"get_note":   {"get_note", "get_notes"},
		"get_nite":   {"get_note", "get_notes"},
		"GET_NOTE":   {"get_note", "get_notes"},
		"notes":      {"get_notes", "search_notes"},
		"note":       {"get_note", "get_notes", "delete_note"},
		"serch_note": {"search_notes"},
		"y":          nil,
		"":           nil,
		"wholly":     nil,
	} {
		if got := To(typed, tools); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
