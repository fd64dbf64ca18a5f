// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const leafName = "east.example.com"

// startWithLeaf starts a cluster with a leaf that has an app of the same name
// and where alice's role dev is the role guest.
func startWithLeaf(t *testing.T) (*testcluster.Cluster, *teleport.Proxy) {
	t.Helper()
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "leaf") }))
	t.Cleanup(there.Close)
	return start(t, func(cfg *testcluster.Config) {
		cfg.Leaves = []testcluster.Leaf{{
			Name:    leafName,
			Roles:   []testcluster.Role{{Name: "guest", AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"look_*"}}},
			RoleMap: []testcluster.RoleMapping{{Remote: "dev", Local: []string{"guest"}}},
			Apps:    []testcluster.App{{Name: "web-app", URI: there.URL}},
		}}
	})
}

func dialLeaf(t *testing.T, p *teleport.Proxy, id *teleport.Identity, cas []*x509.Certificate) *teleport.Auth {
	t.Helper()
	auth := must(p.DialLeaf(id, leafName, cas))(t)
	t.Cleanup(func() { auth.Close() })
	return auth
}

// leafCAs are the leaf's host CAs as the root tells them.
func leafCAs(t *testing.T, root *teleport.RootAuth) []*x509.Certificate {
	t.Helper()
	cas := must(root.HostCAs(testContext(t)))(t)[leafName]
	if len(cas) == 0 {
		t.Fatal("the root has no CA of the leaf")
	}
	return cas
}

func body(t *testing.T, proxy *teleport.Proxy, cert *tls.Certificate) string {
	t.Helper()
	transport := proxy.AppTransport(func(context.Context) (*tls.Certificate, error) { return cert, nil })
	defer transport.CloseIdleConnections()
	res := must((&http.Client{Transport: transport}).Get("https://localhost/"))(t)
	defer res.Body.Close()
	return string(must(io.ReadAll(res.Body))(t))
}

func TestLeafUserRolesAndApps(t *testing.T) {
	cluster, proxy := startWithLeaf(t)
	id := login(t, cluster, "alice", time.Hour)
	leaf := dialLeaf(t, proxy, id, leafCAs(t, dial(t, proxy, id)))

	user := must(leaf.User(testContext(t)))(t)
	if user.Name != "remote-alice-demo-cluster" || !reflect.DeepEqual(user.Roles, []string{"guest"}) {
		t.Errorf("user %+v", user)
	}
	apps := must(leaf.Apps(testContext(t)))(t)
	if len(apps) != 1 || apps[0].Name != "web-app" || apps[0].Cluster != leafName {
		t.Fatalf("apps %+v", apps)
	}
	roles := must(leaf.Roles(testContext(t)))(t)
	if got := teleport.Tools(roles, id.Traits(), apps[0]); !reflect.DeepEqual(got.Allowed, []string{"look_*"}) {
		t.Errorf("tools %+v", got)
	}
}

// The root issues the certificate, which opens the leaf's app and not the
// root's of the same name; its session ends at the root.
func TestLeafAppCert(t *testing.T) {
	cluster, proxy := startWithLeaf(t)
	id := login(t, cluster, "alice", time.Hour)
	root := dial(t, proxy, id)
	leaf := dialLeaf(t, proxy, id, leafCAs(t, root))
	app := must(leaf.App(testContext(t), "web-app"))(t)
	cert := must(root.IssueAppCert(testContext(t), teleport.AppCertRequest{App: *app}))(t)
	if got := teleport.AppCluster(cert.Leaf); got != leafName {
		t.Errorf("app cluster %q", got)
	}
	if got := body(t, proxy, cert); got != "leaf" {
		t.Errorf("the app answers %q", got)
	}
	own := must(root.App(testContext(t), "web-app"))(t)
	if got := body(t, proxy, must(root.IssueAppCert(testContext(t), teleport.AppCertRequest{App: *own}))(t)); got == "leaf" {
		t.Errorf("the app of the root answers %q", got)
	}
	if err := root.DeleteAppSession(testContext(t), teleport.AppSession(cert.Leaf)); err != nil || len(cluster.Sessions()) != 1 {
		t.Errorf("%v, sessions %v", err, cluster.Sessions())
	}

	_, err := (&teleport.RootAuth{Auth: leaf}).IssueAppCert(testContext(t), teleport.AppCertRequest{App: *app})
	var refused *teleport.AuthError
	if !errors.As(err, &refused) || !refused.Denied() || refused.Message != "access denied: impersonation is not allowed" || refused.Cluster != leafName {
		t.Errorf("asked of the leaf: %v", err)
	}
}

func TestLeaves(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Leaves = []testcluster.Leaf{{Name: leafName}, {Name: "west", Offline: true}, {Name: "north"}} // two pages
	})
	leaves := must(dial(t, proxy, login(t, cluster, "alice", time.Hour)).Leaves(testContext(t)))(t)
	if want := []teleport.Leaf{{Name: leafName, Online: true}, {Name: "west"}, {Name: "north", Online: true}}; !reflect.DeepEqual(leaves, want) {
		t.Errorf("leaves %+v, want %+v", leaves, want)
	}
}

// A leaf's CA is found through the root, however old the login, and all of it
// counts while it is rotated.
func TestLeafHostCAs(t *testing.T) {
	cluster, proxy := startWithLeaf(t)
	id := login(t, cluster, "alice", time.Hour)
	root := dial(t, proxy, id)

	var unknown x509.UnknownAuthorityError
	if _, err := dialLeaf(t, proxy, id, id.HostCAs).User(testContext(t)); !errors.As(err, &unknown) {
		t.Errorf("with the CA of the root: %v", err)
	}
	first := leafCAs(t, root)
	if err := cluster.RotateLeafCA(leafName); err != nil {
		t.Fatal(err)
	}
	during := leafCAs(t, root)
	if len(during) != 2 {
		t.Errorf("%d CAs during the rotation, want 2", len(during))
	}
	for name, cas := range map[string][]*x509.Certificate{"first": first, "both": during} {
		if _, err := dialLeaf(t, proxy, id, cas).User(testContext(t)); err != nil {
			t.Errorf("before the end, %s: %v", name, err)
		}
	}
	if err := cluster.FinishLeafRotation(leafName); err != nil {
		t.Fatal(err)
	}
	if _, err := dialLeaf(t, proxy, id, during).User(testContext(t)); err != nil {
		t.Errorf("after the end: %v", err)
	}
	if _, err := dialLeaf(t, proxy, id, first).User(testContext(t)); !errors.As(err, &unknown) {
		t.Errorf("with the old CA: %v", err)
	}
}

func TestLeafFailures(t *testing.T) {
	cluster, proxy := startWithLeaf(t)
	alice, bob := login(t, cluster, "alice", time.Hour), login(t, cluster, "bob", time.Hour)
	cas := leafCAs(t, dial(t, proxy, alice))

	var failed *teleport.AuthError
	if _, err := dialLeaf(t, proxy, bob, cas).Apps(testContext(t)); !errors.As(err, &failed) || !failed.Denied() || failed.Cluster != leafName {
		t.Errorf("without a role: %v", err)
	}
	cluster.SetLeafReachable(leafName, false)
	if _, err := dialLeaf(t, proxy, alice, cas).Apps(testContext(t)); !errors.As(err, &failed) || !failed.Unreachable() || !errors.Is(err, io.EOF) {
		t.Errorf("of a leaf that is away: %v", err)
	}
	for _, missing := range []func() (*teleport.Auth, error){
		func() (*teleport.Auth, error) { return proxy.DialLeaf(alice, "", cas) },
		func() (*teleport.Auth, error) { return proxy.DialLeaf(alice, leafName, nil) },
		func() (*teleport.Auth, error) { return proxy.DialLeaf(nil, leafName, cas) },
	} {
		if _, err := missing(); err == nil {
			t.Error("something is missing and it is no error")
		}
	}
}
