// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"testing"
	"time"
)

// TestAppTimes holds that a cluster takes the recorded times if it is not told
// otherwise.
func TestAppTimes(t *testing.T) {
	want := AppTimes{
		ClientIdle: 30 * time.Second, ServiceIdle: 30 * time.Second, Lock: time.Second,
		Deleted: 2 * time.Second, Expired: time.Second, Denial: 10 * time.Second,
		MCPHeaders: time.Minute, MCPToken: 10 * time.Minute, MCPTools: 5 * time.Minute,
		RawLock: 400 * time.Millisecond, RawPing: 30 * time.Second, RawDenial: 30 * time.Second, RawKill: 10 * time.Second, RawTools: 10 * time.Minute,
	}
	c := startApps(t)
	if got := c.cfg.AppTimes; got != want {
		t.Errorf("times = %+v, want %+v", got, want)
	}
	if got := c.web.IdleTimeout; got != want.ClientIdle {
		t.Errorf("idle connections of clients live %v", got)
	}
}
