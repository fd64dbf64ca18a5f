// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a whole cluster that shares no code with this package.

package teleport_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// These tests meet a whole cluster that shares no code with this package.

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// upstream is the app behind the cluster: it names the user that the cluster
// vouches for.
func upstream(t testing.TB) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s jwt=%v", r.Method, r.URL.RequestURI(), body, r.Header.Get("Teleport-Jwt-Assertion") != "")
	}))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func start(t testing.TB, change func(*testcluster.Config)) (*testcluster.Cluster, *teleport.Proxy) {
	t.Helper()
	addr := upstream(t)
	cfg := testcluster.Config{
		AppServers: 2,
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"dev", "careful"}, Traits: map[string][]string{"team": {"grafana"}, "mcp_tools": {"search_*"}}},
			{Name: "bob", Roles: []string{"nobody"}},
		},
		Roles: []testcluster.Role{
			{Name: "dev", AllowAppLabels: map[string][]string{"service": {"{{external.team}}"}}, AllowTools: []string{"^(get|list)_.*$", "{{internal.mcp_tools}}"}},
			{Name: "careful", DenyTools: []string{"delete_*"}},
			{Name: "nobody"},
		},
		Apps: []testcluster.App{
			{Name: "web-app", URI: "http://" + addr, Labels: map[string]string{"service": "grafana"}},
			{Name: "grafana-mcp", Description: "Grafana", URI: "mcp+http://" + addr + "/mcp", Labels: map[string]string{"service": "grafana", "env": "dev"}},
			{Name: "hidden-mcp", URI: "mcp+http://" + addr + "/mcp", Labels: map[string]string{"service": "payroll"}},
		},
	}
	if change != nil {
		change(&cfg)
	}
	cluster := must(testcluster.Start(cfg))(t)
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(cluster.WebCA()) {
		t.Fatal("no web CA")
	}
	return cluster, &teleport.Proxy{Addr: cluster.Addr(), RootCAs: roots}
}

func login(t testing.TB, cluster *testcluster.Cluster, user string, ttl time.Duration) *teleport.Identity {
	t.Helper()
	keyPEM, certPEM, caPEM, err := cluster.Issue(user, ttl)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(keyPEM)
	return &teleport.Identity{
		Key:     must(x509.ParsePKCS8PrivateKey(block.Bytes))(t).(crypto.Signer),
		Cert:    must(teleport.ParseCertificate(certPEM))(t),
		HostCAs: must(teleport.ParseCertificates(caPEM))(t),
	}
}

func dial(t testing.TB, p *teleport.Proxy, id *teleport.Identity) *teleport.RootAuth {
	t.Helper()
	auth := must(p.DialAuth(id))(t)
	t.Cleanup(func() { auth.Close() })
	return auth
}

func TestClusterDiscovery(t *testing.T) {
	_, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Name, cfg.Version, cfg.Edition = "prod-cluster", "18.3.1", "ent"
		cfg.Connector = testcluster.Connector{Type: "oidc", Name: "okta", Display: "Okta"}
	})
	found := must(proxy.Find(testContext(t)))(t)
	if found.ClusterName != "prod-cluster" || found.ServerVersion != "18.3.1" || found.MinClientVersion == "" || found.Edition != "ent" {
		t.Errorf("find: %+v", found)
	}
	if w := teleport.CheckVersion(found.ServerVersion, found.MinClientVersion); len(w) > 0 {
		t.Errorf("warnings %q", w)
	}
	ping := must(proxy.Ping(testContext(t), ""))(t)
	if c, ok := ping.Auth.Connector(); !ok || c != (teleport.Connector{Type: "oidc", Name: "okta", Display: "Okta"}) {
		t.Errorf("connector %+v, %v", c, ok)
	}
	if ping.Proxy.TLSRouting == nil || ping.Proxy.TLSRoutingOff() || ping.Auth.PrivateKeyPolicy != "none" || time.Duration(ping.Auth.DefaultSessionTTL) != 12*time.Hour {
		t.Errorf("ping: %+v", ping)
	}
	named := must(proxy.Ping(testContext(t), "okta"))(t)
	if c, ok := named.Auth.Connector(); !ok || c.Name != "okta" {
		t.Errorf("named connector %+v, %v", c, ok)
	}
	var api *teleport.APIError
	if _, err := proxy.Ping(testContext(t), "nosuch"); !errors.As(err, &api) || api.Status != http.StatusBadRequest || !strings.Contains(api.Message, "nosuch") {
		t.Errorf("unknown connector: %v", err)
	}
}

func TestClusterIdentity(t *testing.T) {
	cluster, _ := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	if id.Username() != "alice" || id.Cluster() != "demo-cluster" || len(id.Roles()) != 2 {
		t.Errorf("user %q of %q, roles %q", id.Username(), id.Cluster(), id.Roles())
	}
	if got := id.Traits()["team"]; !reflect.DeepEqual(got, []string{"grafana"}) {
		t.Errorf("traits %q", id.Traits())
	}
	if left := time.Until(id.Expires()); left <= 0 || left > time.Hour {
		t.Errorf("expires in %v", left)
	}
}

func TestClusterUserRolesAndApps(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)

	user := must(auth.User(testContext(t)))(t)
	if user.Name != "alice" || len(user.Roles) != 2 || !reflect.DeepEqual(user.Traits["mcp_tools"], []string{"search_*"}) {
		t.Errorf("user %+v", user)
	}
	apps := must(auth.Apps(testContext(t)))(t)
	if len(apps) != 2 || apps[0].Name != "grafana-mcp" || apps[1].Name != "web-app" {
		t.Fatalf("apps %+v; want grafana-mcp and web-app", apps)
	}
	grafana := apps[0]
	if !grafana.IsMCP() || grafana.Type() != "streamable-http" || grafana.Description != "Grafana" || grafana.Cluster != "demo-cluster" ||
		grafana.PublicAddr == "" || !reflect.DeepEqual(grafana.Labels, map[string]string{"service": "grafana", "env": "dev"}) {
		t.Errorf("app %+v", grafana)
	}
	if apps[1].IsMCP() || apps[1].Type() != "http" {
		t.Errorf("app %+v", apps[1])
	}
	roles := must(auth.Roles(testContext(t)))(t)
	want := teleport.ToolAccess{Allowed: []string{"^(get|list)_.*$", "search_*"}, Denied: []string{"delete_*"}}
	if got := teleport.Tools(roles, id.Traits(), grafana); !reflect.DeepEqual(got, want) {
		t.Errorf("tools %+v; want %+v", got, want)
	}

	one := must(auth.App(testContext(t), "grafana-mcp"))(t)
	if !reflect.DeepEqual(*one, grafana) {
		t.Errorf("app %+v; want %+v", *one, grafana)
	}
	for _, name := range []string{"hidden-mcp", "nosuch"} {
		var missing *teleport.AppNotFoundError
		if _, err := auth.App(testContext(t), name); !errors.As(err, &missing) || missing.Name != name {
			t.Errorf("%s: %v; want *AppNotFoundError", name, err)
		}
	}
}

func TestClusterWithoutAccess(t *testing.T) {
	cluster, proxy := start(t, nil)
	auth := dial(t, proxy, login(t, cluster, "bob", time.Hour))
	if apps := must(auth.Apps(testContext(t)))(t); len(apps) != 0 {
		t.Errorf("apps %+v; want none", apps)
	}
}

func TestClusterSmallPages(t *testing.T) {
	cluster, proxy := start(t, nil)
	cluster.SetPageLimit(1)
	apps := must(dial(t, proxy, login(t, cluster, "alice", time.Hour)).Apps(testContext(t)))(t)
	if len(apps) != 2 {
		t.Errorf("apps %+v; want 2", apps)
	}
}

func TestClusterRefusesALogin(t *testing.T) {
	cluster, proxy := start(t, nil)
	other, _ := start(t, nil) // of the same name, with CAs of its own
	t.Run("expired", func(t *testing.T) {
		_, err := dial(t, proxy, login(t, cluster, "alice", -time.Minute)).User(testContext(t))
		var auth *teleport.AuthError
		var alert tls.AlertError
		var over *teleport.ExpiredError
		if !errors.As(err, &auth) || !auth.Unreachable() || !errors.As(err, &alert) || !errors.As(err, &over) {
			t.Errorf("error %v; want *ExpiredError for a TLS alert", err)
		}
	})
	t.Run("of another user CA", func(t *testing.T) {
		id := login(t, other, "alice", time.Hour)
		id.HostCAs = login(t, cluster, "alice", time.Hour).HostCAs
		var alert tls.AlertError
		if _, err := dial(t, proxy, id).User(testContext(t)); !errors.As(err, &alert) {
			t.Errorf("error %v; want a TLS alert", err)
		}
	})
	t.Run("of another host CA", func(t *testing.T) {
		var unknown x509.UnknownAuthorityError
		if _, err := dial(t, proxy, login(t, other, "alice", time.Hour)).User(testContext(t)); !errors.As(err, &unknown) {
			t.Errorf("error %v; want x509.UnknownAuthorityError", err)
		}
	})
	t.Run("of another cluster", func(t *testing.T) {
		leaf, _ := start(t, func(cfg *testcluster.Config) { cfg.Name = "leaf" })
		if _, err := dial(t, proxy, login(t, leaf, "alice", time.Hour)).User(testContext(t)); !errors.Is(err, io.EOF) {
			t.Errorf("error %v; want io.EOF", err)
		}
	})
}

// A lock is told apart from what roles do not allow, and nothing is said of one
// at a leaf, which says the same to those whom its role map does not know.
func TestClusterLock(t *testing.T) {
	cluster, proxy := startWithLeaf(t)
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)
	cas := leafCAs(t, auth)
	cluster.LockUser("alice")
	var locked *teleport.LockedError
	for what, err := range map[string]error{
		"list":        second(auth.Apps(testContext(t))),
		"user":        second(auth.User(testContext(t))),
		"roles":       second(auth.Roles(testContext(t))),
		"certificate": second(auth.IssueAppCert(testContext(t), teleport.AppCertRequest{App: teleport.App{Name: "web-app"}})),
	} {
		var denied *teleport.AuthError
		if !errors.As(err, &locked) || locked.User != "alice" || locked.Cluster != "demo-cluster" || !errors.As(err, &denied) || !denied.Denied() {
			t.Errorf("%s: error %v; want *LockedError", what, err)
		}
	}
	cluster.UnlockUser("alice")
	must(auth.Apps(testContext(t)))(t)
	bob := dialLeaf(t, proxy, login(t, cluster, "bob", time.Hour), cas)
	var denied *teleport.AuthError
	if _, err := bob.Apps(testContext(t)); errors.As(err, &locked) || !errors.As(err, &denied) || !denied.Denied() {
		t.Errorf("at the leaf: %v; want a denial", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestClusterConnectionLost(t *testing.T) {
	cluster, proxy := start(t, nil)
	auth := dial(t, proxy, login(t, cluster, "alice", time.Hour))
	must(auth.User(testContext(t)))(t)
	cluster.DropConnections()
	ctx := testContext(t)
	for {
		_, err := auth.User(ctx)
		if err == nil {
			return
		}
		var lost *teleport.AuthError
		if !errors.As(err, &lost) || lost.Err == nil || ctx.Err() != nil {
			t.Fatalf("error %v", err)
		}
	}
}

func TestClusterAppCall(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)
	app := must(auth.App(testContext(t), "web-app"))(t)
	cert := must(auth.IssueAppCert(testContext(t), teleport.AppCertRequest{App: *app, Expires: time.Now().Add(90 * time.Hour)}))(t)
	if cert.Leaf.NotAfter.After(id.Expires()) {
		t.Errorf("the certificate ends at %v, after the login at %v", cert.Leaf.NotAfter, id.Expires())
	}
	transport := proxy.AppTransport(func(context.Context) (*tls.Certificate, error) { return cert, nil })
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	for range 2 {
		resp := must(client.Post("https://localhost/api?x=1", "text/plain", bytes.NewReader([]byte("hello"))))(t)
		body := must(io.ReadAll(resp.Body))(t)
		resp.Body.Close()
		if want := "POST /api?x=1 hello jwt=true"; resp.StatusCode != http.StatusOK || string(body) != want {
			t.Errorf("status %d, body %q; want %q", resp.StatusCode, body, want)
		}
	}
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions; want 1", n)
	}

	// A session that the cluster has forgotten is refused until there is a new
	// certificate, which the next connection takes up.
	cluster.KillAllSessions()
	resp := must(client.Get("https://localhost/"))(t)
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d; want 403", resp.StatusCode)
	}
	cert = must(auth.IssueAppCert(testContext(t), teleport.AppCertRequest{App: *app}))(t)
	transport.CloseIdleConnections()
	resp = must(client.Get("https://localhost/"))(t)
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d with a new certificate; want 200", resp.StatusCode)
	}
}

// An app certificate is no login: the auth service hangs up on it
// (protocol.md 6.1).
func TestClusterAppCertAsLogin(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)
	app := must(auth.App(testContext(t), "web-app"))(t)
	cert := must(auth.IssueAppCert(testContext(t), teleport.AppCertRequest{App: *app}))(t)
	wrong := &teleport.Identity{Key: cert.PrivateKey.(crypto.Signer), Cert: cert.Leaf, HostCAs: id.HostCAs}
	_, err := dial(t, proxy, wrong).User(testContext(t))
	var e *teleport.AuthError
	if !errors.As(err, &e) || !e.Unreachable() || !errors.Is(err, io.EOF) {
		t.Errorf("error %v; want Unavailable and io.EOF", err)
	}
}
