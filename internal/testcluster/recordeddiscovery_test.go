// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: discovery.json, what the web address tells.

package testcluster

import (
	"strings"
	"testing"
	"time"
)

// discoveryState sets a cluster up as the words of discovery.json say.
func discoveryState(given string, cfg *Config) {
	has := func(s string) bool { return strings.Contains(given, s) }
	cfg.LocalAuth.Default = !has("type github")
	cfg.LocalAuth.Disabled = has("allow_local_auth false")
	if has("message of the day of two lines") {
		cfg.MOTD = "be careful\nplease"
	}
	for _, factor := range []string{"off", "otp"} {
		if has("second_factor " + factor) {
			cfg.LocalAuth.SecondFactor = factor
		}
	}
}

func TestRecordedDiscovery(t *testing.T) {
	state := recordedState(t, discoveryState)
	replayFile(t, "discovery.json", nil, func(t *testing.T, e recorded) {
		r := state(e.Given)
		if strings.Contains(e.Given, "client certificate") {
			bob, _ := r.user("bob")
			client := clientOf(t, r.Cluster, r.loginIdentity(bob, time.Now().Add(time.Hour)))
			wantRecorded(t, *e.Response, do(t, client, r.Cluster, e.Request.Method, e.Request.Path, ""), false, r.words)
			return
		}
		r.wantWeb(t, *e.Response, r.web(t, e.Request, loginWords(t)))
	})
}
