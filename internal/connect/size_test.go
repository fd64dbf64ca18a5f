// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import "testing"

func TestParseSize(t *testing.T) {
	for typed, want := range map[string]int{
		"": 0, "65536": 64 << 10, "64KiB": 64 << 10, "64 kib": 64 << 10, "32MiB": 32 << 20, "1GiB": 1 << 30, "1gb": 1e9, "100000b": 100000,
	} {
		if got, err := parseSize(typed); got != want || err != nil {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"0", "1", "63KiB", "2GiB", "-1MiB", "99999999999999999GiB", "MiB", "1.5MiB", "many", "1TB"} {
		if got, err := parseSize(typed); err == nil {
			t.Errorf("%q is %d", typed, got)
		}
	}
}
