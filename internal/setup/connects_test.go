// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import "testing"

// TestIsProxy: an address without a port is at any of the ports that are tried
// then, and at no other.
func TestIsProxy(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"a.test:443", "a.test:443", true}, {"a.test", "a.test", true},
		{"a.test", "A.test:443", true}, {"https://a.test/web", "a.test:3080", true}, {"::1", "[::1]:3080", true},
		{"a.test", "a.test:8443", false}, {"a.test:443", "a.test:3080", false}, {"a.tes", "a.test:443", false},
		{"b.test", "a.test:443", false}, {"", "a.test:443", false},
	} {
		a, b := sameProxy(tt.a), sameProxy(tt.b)
		if isProxy(a, b) != tt.want || isProxy(b, a) != tt.want {
			t.Errorf("%q and %q: want %v", tt.a, tt.b, tt.want)
		}
	}
}
