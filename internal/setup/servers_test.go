// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"testing"
)

func TestLiteralTools(t *testing.T) {
	got := literal([]string{"get_note", "get_*", "^(get|search)_.*$", "a.b", ""})
	if want := []string{"get_note", "a.b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
