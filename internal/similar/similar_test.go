// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package similar

import (
	"slices"
	"strings"
	"testing"
)

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
