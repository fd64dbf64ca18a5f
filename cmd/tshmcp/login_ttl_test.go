// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestTTLOfRenewal: the sign-in that a running bridge opens asks for what the
// login before it was told by --ttl; one that a person starts begins anew.
func TestTTLOfRenewal(t *testing.T) {
	before := &creds.Profile{TTL: 8 * time.Hour}
	for _, test := range []struct {
		attended bool
		flag     time.Duration
		want     time.Duration
	}{
		{false, 0, 8 * time.Hour},
		{true, 0, 0},
		{true, time.Hour, time.Hour},
	} {
		if got := (&loginOptions{attended: test.attended, ttl: test.flag}).asked(before); got != test.want {
			t.Errorf("attended %v, --ttl=%v: asks for %v, want %v", test.attended, test.flag, got, test.want)
		}
	}
}
