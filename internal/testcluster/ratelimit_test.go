// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"testing"
	"time"
)

// A limit lets a number of requests pass at once, and then one each 3 s.
func TestLoginRate(t *testing.T) {
	c := &Cluster{}
	c.LimitLogins(2)
	start := c.rate.then
	for _, step := range []struct {
		after, wait time.Duration
	}{
		{0, 0}, {0, 0}, {0, 3 * time.Second}, {time.Second, 2 * time.Second}, {3 * time.Second, 0}, {3 * time.Second, 3 * time.Second},
		{time.Hour, 0}, {time.Hour, 0}, {time.Hour, 3 * time.Second},
	} {
		if got := c.rate.take(start.Add(step.after)); (got - step.wait).Abs() > time.Millisecond {
			t.Errorf("after %v: wait %v, want %v", step.after, got, step.wait)
		}
	}
}
