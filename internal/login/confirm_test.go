// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login_test

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// guarded is a cluster whose app notes wants a second factor for each session.
func guarded(t *testing.T, change func(*testcluster.Config)) *testcluster.Cluster {
	t.Helper()
	cfg := testcluster.Config{
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"careful"}},
			{Name: "paul", Roles: []string{"careful"}, Password: "pw", Passkey: true},
			{Name: "tina", Roles: []string{"careful"}, Password: "pw", TOTPSecret: "JBSWY3DPEHPK3PXP"},
		},
		Roles: []testcluster.Role{{Name: "careful", AllowAppLabels: map[string][]string{"*": {"*"}}, RequireSessionMFA: true}},
		Apps:  []testcluster.App{{Name: "notes", URI: "mcp+http://127.0.0.1:1/mcp"}},
	}
	change(&cfg)
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return cluster
}

func withSSO(c *testcluster.Config) { c.Connector = testcluster.Connector{Type: "oidc", MFA: true} }

func passkeys(*testcluster.Config) {}

// as is a connection to the auth service, and what a user is asked with.
func as(t *testing.T, cluster *testcluster.Cluster, user string) (*teleport.RootAuth, *login.Confirm) {
	t.Helper()
	key, cert, ca, err := cluster.Issue(user, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	id, err := identityOf(key, cert, ca)
	if err != nil {
		t.Fatal(err)
	}
	proxy := proxyOf(t, cluster)
	auth, err := proxy.DialAuth(id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { auth.Close() })
	return auth, &login.Confirm{Proxy: proxy, Cluster: cluster.Name(), App: "notes", Begin: auth.SessionChallenge}
}

func identityOf(key, cert, ca []byte) (*teleport.Identity, error) {
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return nil, err
	}
	cas, err := teleport.ParseCertificates(ca)
	return &teleport.Identity{Key: pair.PrivateKey.(crypto.Signer), Cert: leaf, HostCAs: cas}, err
}

// confirm runs it with a scripted person in front of the browser, and returns the
// last page.
func confirm(t *testing.T, cluster *testcluster.Cluster, f *login.Confirm, user string) (*teleport.SessionAnswer, string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cluster.WebCA())
	pages := make(chan string, 1)
	f.Open = func(link string) error {
		go func() {
			page, err := testcluster.SignInPage(ctx, link, user, roots)
			if err != nil {
				page = err.Error()
			}
			pages <- page
		}()
		return nil
	}
	answer, err := f.Run(ctx)
	return answer, <-pages, err
}

// TestConfirm: the factor is good for one certificate.
func TestConfirm(t *testing.T) {
	for user, change := range map[string]func(*testcluster.Config){"alice": withSSO, "paul": passkeys} {
		t.Run(user, func(t *testing.T) {
			cluster := guarded(t, change)
			auth, f := as(t, cluster, user)
			answer, page, err := confirm(t, cluster, f, user)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(page, "You have confirmed that it is you") || !strings.Contains(page, `id="app">notes<`) {
				t.Errorf("the page says %s", page)
			}
			app := teleport.App{Name: "notes", PublicAddr: "notes." + cluster.Name() + ".test"}
			cert, err := auth.IssueAppCert(t.Context(), teleport.AppCertRequest{App: app, Factor: answer})
			if err != nil || !teleport.HasFactor(cert.Leaf) {
				t.Fatalf("%v", err)
			}
			var refused *teleport.FactorRefusedError
			if _, err := auth.IssueAppCert(t.Context(), teleport.AppCertRequest{App: app, Factor: answer}); !errors.As(err, &refused) {
				t.Errorf("for the second time: %v", err)
			}
			if cluster.LoginCount() != 0 {
				t.Error("it is a login")
			}
		})
	}
}

func TestConfirmDenied(t *testing.T) {
	for user, change := range map[string]func(*testcluster.Config){"alice": withSSO, "paul": passkeys} {
		cluster := guarded(t, change)
		_, f := as(t, cluster, user)
		answer, page, err := confirm(t, cluster, f, "")
		var denied *login.UnconfirmedError
		if answer != nil || !errors.As(err, &denied) || denied.App != "notes" {
			t.Errorf("%s: %v, %v", user, answer, err)
		}
		if !strings.Contains(page, "Not confirmed") || !strings.Contains(page, "the use of notes was not confirmed") {
			t.Errorf("%s: the page says %s", user, page)
		}
	}
}

// TestConfirmImpossible: where no browser helps, none is opened, and it is said what
// would.
func TestConfirmImpossible(t *testing.T) {
	for name, c := range map[string]struct {
		user, version string
		change        func(*testcluster.Config)
		text, hint    string
	}{
		"a code alone": {"tina", "18.8.0", passkeys, "for which Teleport takes no codes of an authenticator app (TOTP)", "add a passkey or a security key in your account settings at https://127.0.0.1:"},
		"nothing":      {"alice", "18.9.1", passkeys, "and you have none", "add a passkey or a security key"},
		"old":          {"paul", "18.7.9", passkeys, "demo-cluster does not offer to take your passkey or security key in the browser", "passkeys in the browser take Teleport 18.8.0 or newer with allow_browser_authentication, the cluster runs 18.7.9"},
		"old, a code":  {"tina", "18.3.0", passkeys, "no codes", "passkeys in the browser take Teleport 18.8.0 or newer"},
		"switched off": {"paul", "18.8.0", func(c *testcluster.Config) { c.LocalAuth.NoBrowserMFA = true }, "does not offer", "with allow_browser_authentication"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := guarded(t, func(cfg *testcluster.Config) { cfg.Version = c.version; c.change(cfg) })
			_, f := as(t, cluster, c.user)
			f.Version = c.version
			f.Open = func(string) error { t.Error("a browser was opened"); return nil }
			_, err := f.Run(t.Context())
			var none *login.NoFactorError
			if !errors.As(err, &none) {
				t.Fatal(err)
			}
			hints := strings.Join(none.Hints(), "; ")
			if !strings.Contains(err.Error(), c.text) || !strings.Contains(hints, c.hint) || !strings.Contains(hints, "without require_session_mfa") {
				t.Errorf("%v\n%s", err, hints)
			}
		})
	}
}

func TestConfirmTime(t *testing.T) {
	cluster := guarded(t, passkeys)
	_, f := as(t, cluster, "paul")
	f.Timeout = 10 * time.Millisecond
	if answer, err := f.Run(t.Context()); answer != nil || !errors.Is(err, login.ErrUnconfirmed) {
		t.Errorf("%v, %v", answer, err)
	}
}
