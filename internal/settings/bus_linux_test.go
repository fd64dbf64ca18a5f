// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import "testing"

// TestBus: a stripped address is replaced by the standard one, and an entry
// carries only one that is not the standard one.
func TestBus(t *testing.T) {
	standard, _ := StandardBus()
	for _, tt := range []struct{ have, missing, own string }{
		{"", standard, ""},
		{"autolaunch:", standard, "autolaunch:"},
		{standard, "", ""},
		{standard + ",guid=1", "", ""},
		{"unix:path=/tmp/bus", "", "unix:path=/tmp/bus"},
	} {
		e := testEnv("linux", "/home/ann", map[string]string{busVariable: tt.have})
		name, address := e.MissingBus()
		if address != tt.missing || (name == busVariable) != (tt.missing != "") || e.OwnBus() != tt.own {
			t.Errorf("%q: set %s=%q, entry %q", tt.have, name, address, e.OwnBus())
		}
	}
}
