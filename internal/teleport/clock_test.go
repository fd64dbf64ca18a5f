// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestClock is what answers tell of the cluster's clock.
func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(time.Now)
		answer := func(skew, took time.Duration) {
			sent := time.Now()
			date := sent.Add(skew + took/2).UTC().Format(http.TimeFormat)
			time.Sleep(took)
			c.see(http.Header{"Date": {date}}, sent)
		}
		want := func(what string, skew time.Duration, measured bool) {
			t.Helper()
			if c.Skew() != skew || c.Measured() != measured || !c.Now().Equal(time.Now().Add(skew)) {
				t.Errorf("%s: skew %v, measured %v, now %v", what, c.Skew(), c.Measured(), -time.Since(c.Now()))
			}
		}
		want("nothing is known", 0, false)
		c.Assume(-time.Hour)
		want("assumed", -time.Hour, false)
		c.see(http.Header{}, time.Now())
		want("an answer without a date", -time.Hour, false)
		answer(2*time.Hour, 4*time.Second)
		want("ahead", 2*time.Hour, true)
		c.Assume(time.Hour)
		want("what was measured counts more", 2*time.Hour, true)
		answer(-3*time.Hour, 2*time.Second)
		want("behind", -3*time.Hour, true)
		answer(time.Hour, 2*time.Minute)
		want("an answer that took long", -3*time.Hour, true)
		answer(50*time.Second, 0)
		want("nearly right", 0, true)
		var none *Clock
		if none.Skew() != 0 || none.Measured() || none.Now() != time.Now() {
			t.Error("no clock is not this machine's")
		}
		none.see(http.Header{"Date": {"x"}}, none.time())
	})
}
