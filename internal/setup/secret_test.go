// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import "testing"

func TestLooksSecret(t *testing.T) {
	for _, test := range []struct {
		name, value string
		want        bool
	}{
		{"Authorization", "x", true},
		{"X-Api-Key", "x", true},
		{"X-Grafana-Token", "x", true},
		{"X-Who", "Bearer abc", true},
		{"X-Who", "eyJhbGciOiJIUzI1NiJ9.e30.x", true},
		{"X-Who", "glsa_0123456789abcdef", true},
		{"X-Who", "sk-proj0123456789abcdef", true},
		{"X-Who", "d41d8cd98f00b204e9800998ecf8427e", true},
		{"X-Team", "blue sky", false},
		{"X-Org", "7", false},
		{"X-Dashboard", "a-rather-long-name-of-a-dashboard", false},
		{"X-Url", "https://grafana.example.com/d/1234", false},
		{"X-Trace", "00000000000000000000000000000000", false},
		{"X-Who", "skier", false},
	} {
		if got := looksSecret(test.name, test.value); got != test.want {
			t.Errorf("%s: %s looks secret: %t, want %t", test.name, test.value, got, test.want)
		}
	}
}
