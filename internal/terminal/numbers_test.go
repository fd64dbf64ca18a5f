// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"slices"
	"testing"
)

func TestNumbers(t *testing.T) {
	for line, want := range map[string][]int{
		"1": {0}, "3, 1": {0, 2}, "2-4": {1, 2, 3}, "all": {0, 1, 2, 3, 4}, "ALL 2": {0, 1, 2, 3, 4}, "1,1,4-5": {0, 3, 4},
		"": nil, ",": nil, "0": nil, "6": nil, "4-6": nil, "4-2": nil, "-": nil, "-1": nil, "x": nil, "1,x": nil, "1-2-3": nil,
	} {
		got, ok := numbers(line, 5)
		if !slices.Equal(got, want) || ok != (want != nil) {
			t.Errorf("%q: %v, %v", line, got, ok)
		}
	}
}

// TestMarkedByNumber: what was marked, and is not named, stays as it is.
func TestMarkedByNumber(t *testing.T) {
	before := []Item{{Label: "a", Chosen: true, Dropped: "goes"}, {Label: "b", Partly: true}, {Label: "c"}, {Label: "d"}}
	got := marked(before, []int{1, 2})
	want := []Item{{Label: "a", Partly: true, Dropped: "goes"}, {Label: "b", Chosen: true}, {Label: "c", Chosen: true}, {Label: "d"}}
	if !slices.Equal(got, want) || !before[0].Chosen {
		t.Errorf("%+v", got)
	}
}
