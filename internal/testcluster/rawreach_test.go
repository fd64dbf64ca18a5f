// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the kinds of raw apps over each way to the cluster, in each release,
// and each way to lose them.

package testcluster

import (
	"bufio"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// startReach starts a cluster with both kinds of raw apps, and a leaf with the
// same, which alice may use.
func startReach(t *testing.T, change ...func(*Config)) *Cluster {
	t.Helper()
	apps := []App{stdioApp(t, "stdio"), {Name: "sse", URI: "mcp+sse+" + upstream(t, (&rawtest.SSE{Name: "rawdemo"}).ServeHTTP).URL + "/sse"}}
	for i := range apps {
		apps[i].Labels = map[string]string{"env": "dev"}
	}
	cfg := Config{Users: appUsers, Roles: appRoles, Apps: apps, Leaves: []Leaf{{
		Name: "leaf", Roles: appRoles, Apps: apps, RoleMap: []RoleMapping{{Remote: "dev", Local: []string{"dev"}}},
	}}}
	for _, f := range change {
		f(&cfg)
	}
	c, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// reachIdentity is alice's, of an app of this cluster or a leaf.
func reachIdentity(c *Cluster, cluster, app string) identity {
	id := appIdentity(c, "alice", app, time.Hour)
	id.AppCluster, id.RouteToCluster, id.AppPublicAddr = cluster, cluster, app+"."+cluster+".test"
	id.SessionID = c.newAppSession(id, app, id.AppPublicAddr, id.Expires)
	return id
}

// TestRawReach is every kind of raw app over every path.
func TestRawReach(t *testing.T) {
	direct := func(t *testing.T, c *Cluster) (net.Conn, *x509.CertPool) {
		raw, err := net.Dial("tcp", c.Addr())
		if err != nil {
			t.Fatal(err)
		}
		return raw, c.webRoots()
	}
	upgrade := func(t *testing.T, c *Cluster) (net.Conn, *x509.CertPool) {
		return upgraded(t, c, "alpn-ping"), c.host.ca().pool()
	}
	for name, path := range map[string]struct {
		upgraded bool
		balancer string
		dial     func(*testing.T, *Cluster) (net.Conn, *x509.CertPool)
	}{
		"direct":                       {false, "", direct},
		"upgraded":                     {true, "", upgrade},
		"behind a balancer":            {true, BalancerHTTP, upgrade},
		"behind a balancer of no ALPN": {true, BalancerNoALPN, upgrade},
		"through CONNECT":              {false, "", connected},
	} {
		for _, app := range []string{"stdio", "sse"} {
			for _, cluster := range []string{"demo-cluster", "leaf"} {
				t.Run(fmt.Sprintf("%s/%s in %s", name, app, cluster), func(t *testing.T) {
					t.Parallel()
					c := startReach(t, func(cfg *Config) { cfg.Balancer = path.balancer })
					raw, roots := path.dial(t, c)
					client, err := rawOver(t, raw, roots, clientCertOf(t, c, reachIdentity(c, cluster, app)), rawPair)
					if err != nil {
						t.Fatal(err)
					}
					client.open(t, "rawdemo")
					client.wantOpen(t)
					if conn := c.Raw.Conns()[0]; conn.App != app || conn.Upgraded != path.upgraded {
						t.Errorf("connection %+v", conn)
					}
				})
			}
		}
	}
}

// connected is a connection to the proxy through one of the network.
func connected(t *testing.T, c *Cluster) (net.Conn, *x509.CertPool) {
	t.Helper()
	tunnel, err := httpproxy.Start(httpproxy.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tunnel.Close() })
	at, err := url.Parse(tunnel.URL())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := net.Dial("tcp", at.Host)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(raw, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", c.Addr(), c.Addr())
	resp, err := http.ReadResponse(bufio.NewReaderSize(raw, 16), &http.Request{Method: http.MethodConnect})
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", resp, err)
	}
	return raw, c.webRoots()
}

// TestRawBalancer holds that a balancer lets no raw app through but inside of an
// upgrade.
func TestRawBalancer(t *testing.T) {
	c := startReach(t, func(cfg *Config) { cfg.Balancer = BalancerHTTP })
	if client, err := tryRaw(t, c, clientCertOf(t, c, reachIdentity(c, "demo-cluster", "stdio"))); err == nil {
		t.Errorf("negotiated %q", client.ConnectionState().NegotiatedProtocol)
	}
}

// TestRawReleases is which release takes which app: what a proxy does not know
// ends in the handshake, what an app service does not know without a word.
func TestRawReleases(t *testing.T) {
	const handshake, silence, works = "in the handshake", "without a word", "works"
	for version, want := range map[string]map[string]string{
		"17.7.0":      {"stdio": handshake, "sse": handshake},
		"18.0.0":      {"stdio": handshake, "sse": handshake},
		"18.1.0":      {"stdio": works, "sse": silence},
		"18.3.0":      {"stdio": works, "sse": works},
		NewestVersion: {"stdio": works, "sse": works},
	} {
		c := startReach(t, func(cfg *Config) { cfg.Version = version })
		for app, want := range want {
			t.Run(version+"/"+app, func(t *testing.T) {
				client, err := tryRaw(t, c, clientCertOf(t, c, reachIdentity(c, "demo-cluster", app)))
				switch {
				case want == handshake && !errors.Is(err, io.EOF):
					t.Errorf("handshake: %v, want EOF", err)
				case want == silence:
					client.wantEnd(t)
				case want == works:
					client.open(t, "rawdemo")
				}
			})
		}
	}
}

// TestRawWithoutTLSRouting holds that a web port takes no raw apps, and says so.
func TestRawWithoutTLSRouting(t *testing.T) {
	c := startReach(t, func(cfg *Config) { cfg.TLSRouting = TLSRoutingOff })
	_, err := tryRaw(t, c, clientCertOf(t, c, reachIdentity(c, "demo-cluster", "stdio")))
	if err == nil || err.Error() != "remote error: tls: no application protocol" {
		t.Errorf("handshake: %v", err)
	}
}

// TestRawLost is each way in which a connection is lost while a call runs. Most
// are ends without an error.
func TestRawLost(t *testing.T) {
	const clean, broken, either = "clean", "broken", "either"
	for name, test := range map[string]struct {
		lose func(c *Cluster, app string)
		end  string
	}{
		"streams ended":     {func(c *Cluster, _ string) { c.EndStreams() }, clean},
		"app service gone":  {func(c *Cluster, app string) { c.SetAppOnline(app, false) }, clean},
		"user locked":       {func(c *Cluster, _ string) { c.LockUser("alice") }, clean},
		"server killed":     {func(c *Cluster, app string) { c.Raw.KillServers(app) }, clean},
		"connections cut":   {func(c *Cluster, _ string) { c.DropConnections() }, broken},
		"the cluster stops": {func(c *Cluster, _ string) { c.Close() }, either},
	} {
		for _, app := range []string{"stdio", "sse"} {
			t.Run(name+"/"+app, func(t *testing.T) {
				t.Parallel()
				c := startReach(t, func(cfg *Config) { cfg.AppTimes.RawLock = time.Millisecond })
				allowAll(c)
				client := dialRaw(t, c, reachIdentity(c, "demo-cluster", app))
				client.open(t, "rawdemo")
				client.send(t, rawSlow)
				client.wantOpen(t)
				test.lose(c, app)
				rest, err := io.ReadAll(client.lines)
				if len(rest) > 0 || test.end != either && (err == nil) != (test.end == clean) {
					t.Errorf("the end is %q, %v", rest, err)
				}
				awaitRaw(t, c, func(conns []RawConn) bool { return conns[0].Ended })
			})
		}
	}
}

// TestRawStays holds what does not end an open connection.
func TestRawStays(t *testing.T) {
	c := startReach(t)
	client := dialRaw(t, c, reachIdentity(c, "demo-cluster", "stdio"))
	client.open(t, "rawdemo")
	c.KillAllSessions()
	c.SetAppOnline("sse", false)
	c.LockUser("bob")
	c.Raw.SetBroken("stdio", true)
	client.wantOpen(t)
}

// TestRawDenials is what a denial looks like by how the app service tells it, and
// that a certificate with a second factor gets through.
func TestRawDenials(t *testing.T) {
	said := func(text string) string {
		return `{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"` + text + `"}}`
	}
	const mfa = "access to app denied: this needs a second factor for each session"
	for denial, want := range map[Denial][2]string{ // not allowed, needs MFA
		DenyNotFound:  {said("not found"), said("not found")},
		DenyForbidden: {said("not found"), said(mfa)},
		DenyBelowTLS:  {"", ""},
		DenyError:     {"", ""},
	} {
		c := startReach(t, func(cfg *Config) {
			cfg.AppTimes.RawDenial = 100 * time.Millisecond
			cfg.Roles = append([]Role{{Name: "mfa", AllowAppLabels: map[string][]string{"env": {"dev"}}, RequireSessionMFA: true}}, cfg.Roles...)
			cfg.Users = append([]User{{Name: "carol", Roles: []string{"mfa"}}}, cfg.Users...)
		})
		c.SetDenial(denial)
		for i, user := range []string{"bob", "carol"} {
			client := dialRaw(t, c, appIdentity(c, user, "stdio", time.Hour))
			if client.send(t, rawInitialize); want[i] != "" {
				client.want(t, want[i])
			}
			client.wantEnd(t)
		}
		verified := appIdentity(c, "carol", "stdio", time.Hour)
		verified.MFADevice = newUUID()
		dialRaw(t, c, verified).open(t, "rawdemo")
		if conns := c.Raw.Conns(); len(conns) != 3 || conns[2].Denied || !conns[0].Denied || conns[0].PID != 0 {
			t.Errorf("connections %+v", conns)
		}
	}
}
