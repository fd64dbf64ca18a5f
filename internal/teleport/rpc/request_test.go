// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"testing"
	"time"
)

// TestTimeout is a number of at most eight digits, of the finest unit, never less
// than there is.
func TestTimeout(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0n", 0: "0n", 1: "1n", 99_999_999: "99999999n", 100_000_000: "100000u", 100_000_001: "100001u",
		30 * time.Second: "30000000u", 100 * time.Second: "100000m", 30 * time.Hour: "108000S",
		1<<63 - 1: "2562047H",
	} {
		if got := timeout(d); got != want {
			t.Errorf("%v is %q; want %q", d, got, want)
		}
	}
}
