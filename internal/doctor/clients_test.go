// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// TestHung: the files that hang are named, some of them where there are many, and no
// others.
func TestHung(t *testing.T) {
	var states []setup.ClientState
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		states = append(states, setup.ClientState{Target: setup.Target{Client: clientcfg.Client{ID: id}, File: "/" + id}, Note: "no answer", Hangs: id != "b"})
	}
	for n, want := range []string{"", "its entries cannot be read: /a: no answer", "its entries cannot be read: /a: no answer",
		"the entries in /a, /c cannot be read: the file system that they are on does not answer",
		"the entries in /a, /c, /d cannot be read: the file system that they are on does not answer",
		"the entries in /a, /c, /d and 1 more cannot be read: the file system that they are on does not answer"} {
		got := ""
		for _, f := range hung(states[:n]) {
			got += f.Text
			if f.State != Warning || f.Hint == "" || (f.Subject == "a") != (n < 3) {
				t.Errorf("%+v", f)
			}
		}
		if got != want {
			t.Errorf("of %d: %q, want %q", n, got, want)
		}
	}
}
