// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"strings"
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

// TestSessionChallenge: what a user can show, and where. Without a callback the
// browser is no help.
func TestSessionChallenge(t *testing.T) {
	const callback = "http://127.0.0.1:41234/callback?secret_key=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	cluster, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Connector = testcluster.Connector{Type: "oidc", MFA: true}
		cfg.Users[0].TOTPSecret = "JBSWY3DPEHPK3PXP"
		cfg.Users = append(cfg.Users,
			testcluster.User{Name: "paul", Password: "pw", Passkey: true}, testcluster.User{Name: "nora", Password: "pw"})
	})
	for user, want := range map[string]struct {
		totp, webAuthn bool
		page           string
	}{
		"alice": {totp: true, page: cluster.IdP() + "/authorize?"},
		"paul":  {webAuthn: true, page: cluster.URL() + "/web/mfa/browser/"},
		"nora":  {},
	} {
		auth := dial(t, proxy, login(t, cluster, user, time.Hour))
		got := must(auth.SessionChallenge(testContext(t), callback))(t)
		if got.TOTP != want.totp || got.WebAuthn != want.webAuthn || !strings.HasPrefix(got.Page, want.page) || (got.Page == "") != (want.page == "") {
			t.Errorf("%s: %+v", user, got)
		}
		if got := must(auth.SessionChallenge(testContext(t), ""))(t); got.Page != "" || got.WebAuthn != want.webAuthn {
			t.Errorf("%s without a callback: %+v", user, got)
		}
	}
}

func TestWebHost(t *testing.T) {
	for addr, want := range map[string]string{
		"proxy.example:443": "proxy.example", "proxy.example:3080": "proxy.example:3080",
		"[::1]:443": "[::1]", "[::1]:3080": "[::1]:3080", "10.0.0.1:443": "10.0.0.1",
	} {
		if got := teleport.WebHost(addr); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

func TestTakesPasskeys(t *testing.T) {
	for version, want := range map[string]bool{"18.7.9": false, "18.8.0-rc.1": true, "18.8.0": true, "19.0.0": true, "": false, "x": false} {
		if got := teleport.TakesPasskeys(version); got != want {
			t.Errorf("%q: %v", version, got)
		}
	}
}
