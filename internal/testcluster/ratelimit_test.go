// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// A limit lets a number of requests pass at once, and then one each 3 s.
func TestLoginRate(t *testing.T) {
	start := time.Now()
	b := newBucket(2, start)
	for _, step := range []struct {
		after, wait time.Duration
	}{
		{0, 0}, {0, 0}, {0, 3 * time.Second}, {time.Second, 2 * time.Second}, {3 * time.Second, 0}, {3 * time.Second, 3 * time.Second},
		{time.Hour, 0}, {time.Hour, 0}, {time.Hour, 3 * time.Second},
	} {
		if got := b.take(start.Add(step.after)); (got - step.wait).Abs() > time.Millisecond {
			t.Errorf("after %v: wait %v, want %v", step.after, got, step.wait)
		}
	}
}

// A cluster limits logins unless a test says otherwise.
func TestLoginsAreLimited(t *testing.T) {
	r := startRig(t, nil)
	for path, burst := range map[string]int{"/webapi/mfa/login/begin": localBurst, "/webapi/github/login/console": consoleBurst} {
		req := recordedRequest{Method: http.MethodPost, Path: path, Body: json.RawMessage(`{}`)}
		answers := map[int]int{}
		for range 2 * burst { // on a slow machine some more pass than the burst
			answers[r.web(t, req, loginWords(t)).StatusCode]++
		}
		if answers[http.StatusForbidden] < burst || answers[http.StatusTooManyRequests] == 0 {
			t.Errorf("%s: answers %v", path, answers)
		}
	}
	r.UnlimitLogins()
	if resp := r.web(t, recordedRequest{Method: http.MethodPost, Path: "/webapi/mfa/login/begin", Body: json.RawMessage(`{}`)}, loginWords(t)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("without a limit: %d", resp.StatusCode)
	}
}
