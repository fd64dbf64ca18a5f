// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: who answers a connection, by its ALPN values.

package testcluster_test

import (
	"crypto/tls"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// Who answers a client is decided by its ALPN values in its own order
// (protocol.md 6.1, 8.4, 12).
func TestALPNRouting(t *testing.T) {
	cluster := start(t)
	cert, _ := issue(t, cluster, "alice", time.Hour)
	const web, auth = "localhost", "*.teleport.cluster.local"
	for name, test := range map[string]struct {
		protos     []string
		server     string // a DNS name in the certificate of whoever answers
		negotiated string
	}{
		"none":                 {nil, web, ""},
		"http/1.1":             {[]string{"http/1.1"}, web, "http/1.1"},
		"a browser":            {[]string{"h2", "http/1.1"}, web, "http/1.1"},
		"h2 alone":             {[]string{"h2"}, web, "h2"},
		"unknown comes first":  {[]string{"foo", "http/1.1"}, web, "http/1.1"},
		"tunnel":               {[]string{"teleport-reversetunnel"}, web, "teleport-reversetunnel"},
		"auth":                 {[]string{authALPN, "h2"}, auth, "h2"},
		"auth with http/1.1":   {[]string{authALPN, "http/1.1"}, auth, "http/1.1"},
		"auth is not first":    {[]string{"http/1.1", authALPN}, web, "http/1.1"},
		"mcp with a fallback":  {[]string{"teleport-mcp-ping", "teleport-mcp", "http/1.1"}, web, "teleport-mcp-ping"},
		"mcp behind http/1.1":  {[]string{"http/1.1", "teleport-mcp-ping"}, web, "teleport-mcp-ping"}, // and HTTP inside
		"raw app":              {[]string{"teleport-mcp", "teleport-mcp-ping"}, web, "teleport-mcp-ping"},
		"auth before the rest": {[]string{authALPN, "teleport-reversetunnel", "h2"}, auth, "h2"},
	} {
		t.Run(name, func(t *testing.T) {
			state, err := handshake(t, cluster, &tls.Config{
				InsecureSkipVerify: true, ServerName: authServer, NextProtos: test.protos, GetClientCertificate: always(cert),
			})
			if err != nil {
				t.Fatal(err)
			}
			if names := state.PeerCertificates[0].DNSNames; !slices.Contains(names, test.server) {
				t.Errorf("answered by %v, want %s", names, test.server)
			}
			if state.NegotiatedProtocol != test.negotiated {
				t.Errorf("negotiated %q, want %q", state.NegotiatedProtocol, test.negotiated)
			}
		})
	}
}

func TestALPNRefused(t *testing.T) {
	cluster := start(t)
	cert, hostCA := issue(t, cluster, "alice", time.Hour)
	dial := func(protos ...string) error {
		config := authConfig(cert, hostCA)
		config.NextProtos = protos
		_, err := handshake(t, cluster, config)
		return err
	}
	for name, protos := range map[string][]string{
		"no known value":          {"foo", "bar"},
		"unknown cluster":         {"teleport-auth@6c656166.teleport.cluster.local", "h2"},
		"cluster is not hex":      {"teleport-auth@" + clusterName + ".teleport.cluster.local", "h2"},
		"cluster not in first":    {"foo", authALPN, "h2"},
		"connection upgrade only": {"teleport-tcp-ping"},
	} {
		t.Run(name, func(t *testing.T) { wantEOF(t, dial(protos...)) })
	}
	t.Run("auth without h2", func(t *testing.T) {
		wantError(t, dial(authALPN), "remote error: tls: no application protocol")
	})
}

// What the auth service demands of a client, beyond ALPN (protocol.md 5.3, 6.1,
// 8.4). In TLS 1.3 it shows after the handshake.
func TestAuthHandshake(t *testing.T) {
	cluster, other := start(t), start(t)
	cert, hostCA := issue(t, cluster, "alice", time.Hour)
	expired, _ := issue(t, cluster, "alice", -time.Hour)
	foreign, _ := issue(t, other, "alice", time.Hour)
	app := appCert(t, cluster, "some-app")
	for name, test := range map[string]struct {
		change func(*tls.Config)
		want   string
	}{
		"SNI of a cluster that did not issue the certificate": {func(c *tls.Config) {
			c.ServerName = "6c656166.teleport.cluster.local"
		}, "remote error: tls: unknown certificate authority"},
		"certificate of another cluster": {func(c *tls.Config) {
			c.GetClientCertificate = always(foreign)
		}, "remote error: tls: unknown certificate authority"},
		"expired certificate": {func(c *tls.Config) {
			c.GetClientCertificate = always(expired)
		}, "remote error: tls: expired certificate"},
		"app certificate": {func(c *tls.Config) {
			c.GetClientCertificate = always(app)
		}, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			config := authConfig(cert, hostCA)
			config.NextProtos = append(config.NextProtos, "h2")
			test.change(config)
			wantError(t, complaint(t, cluster, config), test.want)
		})
	}
}

// The web port verifies a client certificate that it is given
// (protocol.md 8.4).
func TestWebHandshake(t *testing.T) {
	cluster, other := start(t), start(t)
	expired, _ := issue(t, cluster, "alice", -time.Hour)
	foreign, _ := issue(t, other, "alice", time.Hour)
	for name, test := range map[string]struct {
		cert tls.Certificate
		want string
	}{
		"expired":    {expired, "remote error: tls: expired certificate"},
		"unknown CA": {foreign, "remote error: tls: unknown certificate authority"},
	} {
		t.Run(name, func(t *testing.T) {
			config := webConfig(t, cluster)
			config.GetClientCertificate = always(test.cert)
			wantError(t, complaint(t, cluster, config), test.want)
			// A request that is already on its way does not hide the alert.
			client := webClient(t, config)
			_, err := client.Get(cluster.URL() + "/")
			wantError(t, err, test.want)
		})
	}
}

func TestNotTLS(t *testing.T) {
	cluster := start(t)
	conn, err := net.Dial("tcp", cluster.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(conn); err != nil || len(data) > 0 {
		t.Errorf("answered %q, %v; want EOF", data, err)
	}
}

func TestWebCertificate(t *testing.T) {
	for name, selfSigned := range map[string]bool{"private CA": false, "self-signed": true} {
		t.Run(name, func(t *testing.T) {
			cluster := start(t, func(c *testcluster.Config) { c.WebSelfSigned = selfSigned })
			for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
				state, err := handshake(t, cluster, &tls.Config{RootCAs: poolOf(t, cluster.WebCA()), ServerName: host})
				if err != nil {
					t.Fatalf("%s: %v", host, err)
				}
				cert := state.PeerCertificates[0]
				if signsItself := cert.CheckSignatureFrom(cert) == nil; signsItself != selfSigned {
					t.Errorf("%s: self-signed is %v, want %v", host, signsItself, selfSigned)
				}
			}
			_, err := handshake(t, cluster, &tls.Config{ServerName: "localhost"})
			wantError(t, err, "certificate signed by unknown authority")
		})
	}
}
