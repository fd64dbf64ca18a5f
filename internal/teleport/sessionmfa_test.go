// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func TestMFARequired(t *testing.T) {
	cluster, proxy := start(t, nil)
	auth := dial(t, proxy, login(t, cluster, "alice", time.Hour))
	want := func(app string, want bool) {
		t.Helper()
		if got, err := auth.MFARequired(testContext(t), teleport.App{Name: app}); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", app, got, err, want)
		}
	}
	want("grafana-mcp", false)
	want("nosuch", false) // not looked up while no role asks for a factor
	cluster.SetRole(testcluster.Role{Name: "dev", AllowAppLabels: map[string][]string{"service": {"grafana"}}, RequireSessionMFA: true})
	want("grafana-mcp", true)
	want("hidden-mcp", false) // may not be used
	var missing *teleport.AppNotFoundError
	if got, err := auth.MFARequired(testContext(t), teleport.App{Name: "nosuch"}); got || !errors.As(err, &missing) || missing.Name != "nosuch" {
		t.Errorf("an unknown app: %v, %v; want *AppNotFoundError", got, err)
	}
}

func TestFactors(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Users[0].TOTPSecret, cfg.Users[1].Passkey = "JBSWY3DPEHPK3PXP", true
		cfg.Users = append(cfg.Users, testcluster.User{Name: "carol"})
	})
	for user, want := range map[string]teleport.Factors{"alice": {TOTP: true}, "bob": {WebAuthn: true}, "carol": {}} {
		if got := must(dial(t, proxy, login(t, cluster, user, time.Hour)).Factors(testContext(t)))(t); got != want {
			t.Errorf("%s has %+v, want %+v", user, got, want)
		}
	}
}

func TestSessionMFAKinds(t *testing.T) {
	for name, tc := range map[string]struct {
		ping teleport.Ping
		want []string
	}{
		"18.0":             {teleport.Ping{ServerVersion: "18.0.0", Auth: teleport.AuthSettings{SecondFactor: "on", PreferredLocalMFA: "webauthn"}}, []string{"webauthn"}},
		"18.8":             {teleport.Ping{ServerVersion: "18.8.0-rc.1", Auth: teleport.AuthSettings{PreferredLocalMFA: "webauthn"}}, []string{"webauthn", "browser"}},
		"SSO alone":        {teleport.Ping{ServerVersion: "18.3.0", Auth: teleport.AuthSettings{SecondFactor: "sso"}}, []string{"sso"}},
		"codes alone":      {teleport.Ping{ServerVersion: "18.9.0", Auth: teleport.AuthSettings{SecondFactor: "otp", PreferredLocalMFA: "otp"}}, nil},
		"no second factor": {teleport.Ping{ServerVersion: "18.0.0", Auth: teleport.AuthSettings{SecondFactor: "off"}}, nil},
	} {
		if got := tc.ping.SessionMFAKinds(); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
