// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"crypto/x509"
	"testing"
	"time"
)

func TestMargin(t *testing.T) {
	begin := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for life, want := range map[time.Duration]time.Duration{
		12 * time.Hour: time.Minute, 10 * time.Minute: time.Minute, 2 * time.Minute: 12 * time.Second, -time.Hour: 0,
	} {
		if got := Margin(begin, begin.Add(life)); got != want {
			t.Errorf("of %v: %v, want %v", life, got, want)
		}
	}
	if got := Margin(time.Time{}, begin); got != time.Minute {
		t.Errorf("of a life that nobody noted: %v", got)
	}
}

// TestIssuedAt: a certificate is backdated, and one that is not is read as it is
// where that shows.
func TestIssuedAt(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, life := range []time.Duration{time.Second, 10 * time.Second, 59 * time.Second, 2 * time.Minute, time.Hour} {
		cert := &x509.Certificate{NotBefore: now.Add(-time.Minute), NotAfter: now.Add(life)}
		if got := IssuedAt(cert); !got.Equal(now) {
			t.Errorf("%v: %v", life, got)
		}
	}
	if got := IssuedAt(&x509.Certificate{NotBefore: now, NotAfter: now.Add(time.Second)}); !got.Equal(now) {
		t.Errorf("not backdated: %v", got)
	}
}

func TestSkewed(t *testing.T) {
	for skew, want := range map[time.Duration]string{
		0:                             "",
		2*time.Hour - time.Second:     "this machine's clock is 2h0m behind the cluster's",
		-90 * time.Second:             "this machine's clock is 2m ahead of the cluster's",
		-(26*time.Hour + time.Minute): "this machine's clock is 26h1m ahead of the cluster's",
	} {
		if got := Skewed(skew); got != want {
			t.Errorf("%v: %q", skew, got)
		}
	}
}
