// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: clusters with apps, and clients of them.

package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// limit bounds every wait of the app tests.
const limit = 20 * time.Second

// The people and the roles of the app tests.
var (
	appUsers = []User{
		{Name: "alice", Roles: []string{"dev"}, Traits: map[string][]string{
			"logins": {"alice", "root"}, "team": {"grafana"}, "mcp_tools": {"query_*", "^list_.*$"}, "empty": {},
		}},
		{Name: "bob", Roles: []string{"none"}},
	}
	appRoles = []Role{
		{Name: "dev", AllowAppLabels: map[string][]string{"env": {"dev"}}, AllowTools: []string{"{{internal.mcp_tools}}", "echo"}, DenyTools: []string{"query_secret"}},
		{Name: "none", AllowAppLabels: map[string][]string{"env": {"prod"}}, AllowTools: []string{"*"}},
	}
)

// startApps starts a cluster with apps that alice may use and bob may not.
func startApps(t *testing.T, apps ...App) *Cluster {
	t.Helper()
	for i := range apps {
		apps[i].Labels = map[string]string{"env": "dev"}
	}
	c, err := Start(Config{Users: appUsers, Roles: appRoles, Apps: apps})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// upstream serves an app.
func upstream(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// appIdentity is the identity of an app certificate, with its session.
func appIdentity(c *Cluster, user, app string, ttl time.Duration) identity {
	account, _ := c.user(user)
	id := c.loginIdentity(account, time.Now().Add(ttl))
	id.Usage, id.AppName, id.AppCluster = []string{usageApps}, app, c.cfg.Name
	id.AppPublicAddr = app + "." + c.cfg.Name + ".test"
	id.SessionID = c.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	return id
}

// clientOf makes a client with a certificate of this identity.
func clientOf(t *testing.T, c *Cluster, id identity) *http.Client {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	subject, err := id.subject()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := c.userCA.issue(key.Public(), x509.Certificate{Subject: subject, NotAfter: id.Expires})
	if err != nil {
		t.Fatal(err)
	}
	return tlsClient(t, c, tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key})
}

// tlsClient makes a raw HTTP/1.1 client with a client certificate.
func tlsClient(t *testing.T, c *Cluster, cert tls.Certificate) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.WebCA())
	transport := &http.Transport{
		DisableCompression: true,
		TLSClientConfig: &tls.Config{
			RootCAs: roots, NextProtos: []string{"http/1.1"},
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil },
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// appClient makes a client with an app certificate of alice.
func appClient(t *testing.T, c *Cluster, app string) *http.Client {
	t.Helper()
	return clientOf(t, c, appIdentity(c, "alice", app, time.Hour))
}

// do sends a request to the cluster. Headers are pairs of name and value; the
// caller closes the body.
func do(t *testing.T, client *http.Client, c *Cluster, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, method, c.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(headers, 2) {
		if pair[0] == "Host" {
			req.Host = pair[1]
			continue
		}
		req.Header.Add(pair[0], pair[1])
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// readAll reads a body to its end.
func readAll(t *testing.T, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("read body: %v (after %q)", err, body)
	}
	return string(body)
}

// wantAnswer checks status, media type and body.
func wantAnswer(t *testing.T, resp *http.Response, status int, mediaType, body string) {
	t.Helper()
	got := readAll(t, resp)
	if resp.StatusCode != status || got != body {
		t.Errorf("answer = %d %q, want %d %q", resp.StatusCode, got, status, body)
	}
	if have := resp.Header.Get("Content-Type"); have != mediaType {
		t.Errorf("Content-Type = %q, want %q", have, mediaType)
	}
}

// portOf returns the port of a host:port.
func portOf(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// closedURL is an http URL that nothing listens on: of a port that no other test is
// given meanwhile.
func closedURL(*testing.T) string { return "http://127.0.0.1:1" }

// headerNames returns the sorted names of a header that begin with a prefix.
func headerNames(h http.Header, prefix string) []string {
	names := slices.Sorted(maps.Keys(h))
	return slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, prefix) })
}
