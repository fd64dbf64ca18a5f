// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/base32"
	"testing"
)

// TestTOTPVectors are those of RFC 6238, appendix B, cut to six digits.
func TestTOTPVectors(t *testing.T) {
	secret := base32.StdEncoding.EncodeToString([]byte("12345678901234567890"))
	for seconds, want := range map[int]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
	} {
		if got, err := totpCode(secret, seconds/30); err != nil || got != want {
			t.Errorf("at %d s: %q, %v; want %q", seconds, got, err, want)
		}
	}
	for _, bad := range []string{"", "0189", "not base32"} {
		if _, err := totpCode(bad, 1); err == nil {
			t.Errorf("secret %q was accepted", bad)
		}
	}
}

// TestHeadlessID compares with an id that was computed elsewhere by the rule of
// protocol.md 3.4.
func TestHeadlessID(t *testing.T) {
	if id := headlessID([]byte("ssh-ed25519 AAAA\n")); id != "efc726f8-822d-57c9-9e82-9240bb4cc418" {
		t.Errorf("got %s", id)
	}
}
