// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/testcluster"
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
		if got := (&Flow{Unattended: !test.attended, TTL: test.flag}).asked(before); got != test.want {
			t.Errorf("attended %v, --ttl=%v: asks for %v, want %v", test.attended, test.flag, got, test.want)
		}
	}
}

// TestLifetime is what logins ask for: what was named, else the cluster's default,
// however the connector was named; never what no cluster takes.
func TestLifetime(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{SessionTTL: 2 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	proxy := proxyOf(cluster)
	for _, test := range []struct {
		connector   string
		named, want time.Duration
	}{
		{"", 0, 2 * time.Hour},
		{"demo-idp", 0, 2 * time.Hour},
		{"headless", 0, 2 * time.Hour},
		{"demo-idp", time.Hour, time.Hour},
		{"demo-idp", time.Second, login.MinTTL}, // of a profile that somebody has edited
		{"demo-idp", 100 * time.Hour, login.MaxTTL},
		{"demo-idp", -time.Hour, login.DefaultTTL},
	} {
		to := &target{proxy: proxy, profile: &creds.Profile{TTL: test.named}, before: &creds.Profile{}}
		if err := (&Flow{Connector: test.connector}).find(t.Context(), to); err != nil || to.ttl != test.want {
			t.Errorf("%+v: asks for %v, %v", test, to.ttl, err)
		}
	}
}
