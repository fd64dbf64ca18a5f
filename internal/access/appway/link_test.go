// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// TestOtherClock: the time of a certificate is compared with the cluster's clock,
// however far away this machine's is.
func TestOtherClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour} {
		now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) // at the cluster
		here := func() time.Time { return now.Add(ahead) }
		a := &links{&machine{cfg: Config{Now: here}, s: state{proxy: somewhere}}}
		cluster := clusterAt(t, here)
		cluster.Proxy.Clock.Assume(-ahead)
		serial := int64(0)
		take := func(age, left time.Duration) *link {
			serial++
			leaf := &x509.Certificate{
				SerialNumber: big.NewInt(serial), NotBefore: now.Add(-age - time.Minute), NotAfter: now.Add(left),
				Subject: pkix.Name{Names: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 3, 9999, 1, 8}, Value: "passkey"}}},
			}
			l := newLink(cluster, &access.AppCert{Certificate: &tls.Certificate{Leaf: leaf}}, 0, here())
			l.passed = true
			a.install(linked, l, nil)
			return l
		}
		want := func(what string, got, want bool) {
			t.Helper()
			if got != want {
				t.Errorf("%v ahead, %s: %v", ahead, what, got)
			}
		}
		long := take(0, time.Hour)
		want("new, usable", a.usable(long), true)
		want("a second factor of just now, given up", a.giveUp(long, refused), false)
		now = now.Add(factorPause + time.Second)
		want("a second factor of long ago, given up", a.giveUp(long, refused), true)
		long = take(0, time.Hour)
		now = now.Add(time.Hour - 30*time.Second)
		want("about to end, usable", a.usable(long), false)
		last := take(2*time.Second, 100*time.Millisecond)
		want("the last of a login, usable", a.usable(last), true)
		now = now.Add(100 * time.Millisecond)
		want("the last of a login that is over, usable", a.usable(last), false)
	}
}
