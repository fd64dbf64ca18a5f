// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"slices"
	"testing"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestKnownLogins: clusters that have one name are told by their proxies.
func TestKnownLogins(t *testing.T) {
	err := newUnknownLogin("nowhere", []creds.Profile{
		{Cluster: "prod", Proxy: "a.example.com:443"}, {Cluster: "main", Proxy: "b.example.com:443"}, {Cluster: "main", Proxy: "c.example.com:443"},
	})
	const want = "there are logins to b.example.com:443, c.example.com:443, prod"
	if hints := err.(*UnknownLoginError).Hints(); !slices.Contains(hints, want) {
		t.Errorf("%q, want %q", hints, want)
	}
}
