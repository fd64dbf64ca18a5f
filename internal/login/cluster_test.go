// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a login to a whole cluster.

package login_test

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func startCluster(t *testing.T, connector testcluster.Connector) *testcluster.Cluster {
	t.Helper()
	cluster, err := testcluster.Start(testcluster.Config{
		Name:      "demo-cluster",
		Connector: connector,
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"editor"}, Traits: map[string][]string{"team": {"a", "b"}}},
			{Name: "bob"},
		},
		Roles: []testcluster.Role{{Name: "editor", AllowAppLabels: map[string][]string{"*": {"*"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

// newLogin is a login as cmd/tshmcp prepares it: by what the proxy's ping says.
func newLogin(t *testing.T, cluster *testcluster.Cluster) *login.SSO {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(cluster.WebCA()) {
		t.Fatal("the cluster's web CA is no PEM")
	}
	proxy := &teleport.Proxy{Addr: cluster.Addr(), RootCAs: roots}
	ping, err := proxy.Ping(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	connector, ok := ping.Auth.Connector()
	if !ok {
		t.Fatal("the cluster has no connector")
	}
	return &login.SSO{Proxy: proxy, Connector: connector, Cluster: ping.ClusterName}
}

// runAs runs the login with a scripted person in front of the browser.
func runAs(t *testing.T, cluster *testcluster.Cluster, sso *login.SSO, user string) (*teleport.Identity, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	journey := make(chan error, 1)
	sso.Open = func(link string) error {
		go func() { journey <- cluster.SignIn(ctx, link, user) }()
		return nil
	}
	id, err := sso.Run(ctx)
	if problem := <-journey; problem != nil {
		t.Errorf("the browser's journey: %v", problem)
	}
	return id, err
}

var connectors = map[string]testcluster.Connector{
	"github":         {Type: "github"},
	"oidc":           {Type: "oidc", Name: "my-oidc"},
	"saml redirect":  {Type: "saml", Name: "my-saml"},
	"saml post form": {Type: "saml", Name: "my-saml", PostForm: true},
}

func TestClusterLogin(t *testing.T) {
	for name, connector := range connectors {
		t.Run(name, func(t *testing.T) {
			cluster := startCluster(t, connector)
			sso := newLogin(t, cluster)
			sso.TTL = time.Hour
			id, err := runAs(t, cluster, sso, "alice")
			if err != nil {
				t.Fatal(err)
			}
			if id.Username() != "alice" || id.Cluster() != "demo-cluster" || !slices.Equal(id.Roles(), []string{"editor"}) {
				t.Errorf("identity of %s at %s with roles %v", id.Username(), id.Cluster(), id.Roles())
			}
			if left := time.Until(id.Expires()); left > time.Hour || left < 55*time.Minute {
				t.Errorf("the login lives %v, want the hour that was asked for", left)
			}
			if cluster.LoginCount() != 1 {
				t.Errorf("%d logins at the cluster, want 1", cluster.LoginCount())
			}
			checkAuth(t, sso.Proxy, id)
		})
	}
}

// checkAuth uses the identity for what it is for.
func checkAuth(t *testing.T, proxy *teleport.Proxy, id *teleport.Identity) {
	t.Helper()
	auth, err := proxy.DialAuth(id)
	if err != nil {
		t.Fatal(err)
	}
	defer auth.Close()
	roles, err := auth.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(roles) != 1 || roles[0].Name != "editor" || id.Username() != "alice" {
		t.Errorf("the cluster takes the identity of %s for one with the roles %v", id.Username(), roles)
	}
}

func TestClusterDenies(t *testing.T) {
	for name, connector := range connectors {
		t.Run(name, func(t *testing.T) {
			cluster := startCluster(t, connector)
			var denied *login.DeniedError
			_, err := runAs(t, cluster, newLogin(t, cluster), "")
			if !errors.As(err, &denied) || !strings.Contains(denied.Message, "The user has denied") {
				t.Errorf("error %v, want that of the person who denied", err)
			}
		})
	}
}

func TestClusterRefusesUser(t *testing.T) {
	cluster := startCluster(t, testcluster.Connector{})
	var denied *login.DeniedError
	if _, err := runAs(t, cluster, newLogin(t, cluster), "bob"); !errors.As(err, &denied) || !strings.Contains(err.Error(), "list of user teams is empty") {
		t.Errorf("error %v", err)
	}
	cluster.DenyLogin("private key policy not met: hardware_key_touch")
	var policy *teleport.PolicyError
	if _, err := runAs(t, cluster, newLogin(t, cluster), "alice"); !errors.As(err, &policy) || policy.Policy != "hardware_key_touch" {
		t.Errorf("error %v", err)
	}
}

func TestClusterRefusesStart(t *testing.T) {
	cluster := startCluster(t, testcluster.Connector{})
	sso := newLogin(t, cluster)
	sso.Show = func(string, error) { t.Error("a link was shown") }
	var refused *teleport.APIError

	sso.Connector.Name = "other"
	if _, err := sso.Run(t.Context()); !errors.As(err, &refused) || refused.Status != 403 {
		t.Errorf("unknown connector: error %v, want a blurred 403", err)
	}
	sso.Connector.Type = "saml"
	var missing *login.NotServedError
	if _, err := sso.Run(t.Context()); !errors.As(err, &missing) {
		t.Errorf("saml on an open source cluster: error %v", err)
	}
}

// Whoever logs in too often is told how long to wait.
func TestClusterLimitsLogins(t *testing.T) {
	sso := newLogin(t, startCluster(t, testcluster.Connector{}))
	sso.Connector.Name = "other" // ends before a browser is needed
	var limited *login.LimitedError
	for range 60 {
		if _, err := sso.Run(t.Context()); errors.As(err, &limited) {
			break
		}
	}
	if limited == nil || !strings.Contains(limited.Error(), "rate limit exceeded, try again in ") {
		t.Errorf("60 logins one after the other: %v", limited)
	}
}

// TestClusterHolds is a person who is in no hurry.
func TestClusterHolds(t *testing.T) {
	cluster := startCluster(t, testcluster.Connector{})
	release := cluster.HoldLogin()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sso := newLogin(t, cluster)
	sso.Timeout = 50 * time.Millisecond
	journey := make(chan error, 1)
	sso.Open = func(link string) error {
		go func() { journey <- cluster.SignIn(ctx, link, "alice") }()
		return nil
	}
	if _, err := sso.Run(ctx); !errors.Is(err, login.ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout", err)
	}
	release()
	if err := <-journey; err == nil {
		t.Error("the listener still answers after the timeout")
	}
}
