// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"strings"
	"testing"
)

// Whoever made the identity has to make the new one.
func TestLeafStrangerHints(t *testing.T) {
	for from, want := range map[Origin]string{
		"":       "sign in again: tshmcp login --proxy=a.test:443 --force",
		FromTSH:  "sign in again with tsh",
		FromFile: "have a new identity file written",
	} {
		e := &LeafStrangerError{Leaf: "east", Root: "hq", Proxy: "a.test:443", From: from}
		if got := e.Hints(); len(got) != 2 || got[0] != want || !strings.HasSuffix(got[1], "ask the Teleport administrator of east") {
			t.Errorf("%q: %q, want %q first", from, got, want)
		}
	}
}
