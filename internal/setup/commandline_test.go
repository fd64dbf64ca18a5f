// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import "testing"

func TestCommandLine(t *testing.T) {
	words := []string{"tshmcp", "config", "--query=labels[\"a\"] == 'b'", "", `--identity=C:\a\id`, "--client-config=a,b"}
	for goos, want := range map[string]string{
		"linux":   `tshmcp config '--query=labels["a"] == '\''b'\''' '' '--identity=C:\a\id' --client-config=a,b`,
		"windows": `tshmcp config "--query=labels[\"a\"] == 'b'" "" --identity=C:\a\id --client-config=a,b`,
	} {
		if got := CommandLine(goos, words); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", goos, got, want)
		}
	}
}
