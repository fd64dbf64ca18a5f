// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// dialUpgrade asks for an upgraded connection with a websocket that this
// project did not write.
func dialUpgrade(t *testing.T, cluster *testcluster.Cluster, opts websocket.DialOptions) (net.Conn, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	config := webConfig(t, cluster)
	config.NextProtos = []string{"http/1.1"}
	opts.HTTPClient = webClient(t, config)
	ws, resp, err := websocket.Dial(ctx, cluster.URL()+"/webapi/connectionupgrade", &opts)
	if err != nil {
		return nil, resp, err
	}
	t.Cleanup(func() { ws.CloseNow() })
	return websocket.NetConn(ctx, ws, websocket.MessageBinary), resp, nil
}

// Inside an upgraded connection the proxy answers as directly, but with a
// certificate of the host CA (protocol.md 6.4).
func TestConnectionUpgrade(t *testing.T) {
	for _, kind := range []string{"", testcluster.BalancerHTTP, testcluster.BalancerNoALPN} {
		for _, proto := range []string{"alpn", "alpn-ping"} {
			t.Run(kind+" "+proto, func(t *testing.T) {
				cluster := start(t, func(c *testcluster.Config) { c.Balancer, c.UpgradePing = kind, time.Millisecond })
				cert, hostCA := issue(t, cluster, "alice", time.Hour)
				pings := make(chan string, 100)
				conn, resp, err := dialUpgrade(t, cluster, websocket.DialOptions{
					Subprotocols: []string{proto},
					OnPingReceived: func(_ context.Context, payload []byte) bool {
						select {
						case pings <- string(payload):
						default:
						}
						return true
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				if got := resp.Header.Get("Sec-Websocket-Protocol"); got != proto {
					t.Errorf("protocol %q", got)
				}
				client := tls.Client(conn, &tls.Config{
					RootCAs: hostCA, ServerName: "127.0.0.1", NextProtos: []string{"http/1.1"}, GetClientCertificate: always(cert),
				})
				req, _ := http.NewRequest(http.MethodGet, "https://localhost/webapi/find", nil)
				transport := &http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return client, nil }}
				defer transport.CloseIdleConnections()
				answer, err := transport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				io.Copy(io.Discard, answer.Body) // or the connection is not kept for the pings
				answer.Body.Close()
				if answer.StatusCode != http.StatusForbidden { // a login's certificate
					t.Errorf("status %s", answer.Status)
				}
				subject := client.ConnectionState().PeerCertificates[0].Subject
				if !slices.Equal(subject.Organization, []string{"Proxy"}) || !strings.HasSuffix(subject.CommonName, "."+clusterName) {
					t.Errorf("answered by %v", subject)
				}
				if proto == "alpn-ping" {
					select {
					case got := <-pings:
						if got != "teleport" {
							t.Errorf("ping %q", got)
						}
					case <-time.After(20 * time.Second):
						t.Error("no ping")
					}
				}
				if got := cluster.Upgrades(); !slices.Equal(got, []string{proto}) {
					t.Errorf("upgrades %q", got)
				}
			})
		}
	}
}

func TestConnectionUpgradeToAuth(t *testing.T) {
	cluster := start(t)
	cert, hostCA := issue(t, cluster, "alice", time.Hour)
	for proto, refused := range map[string]bool{authALPN: false, "teleport-auth@6c656166.teleport.cluster.local": true} {
		conn, _, err := dialUpgrade(t, cluster, websocket.DialOptions{Subprotocols: []string{"alpn"}})
		if err != nil {
			t.Fatal(err)
		}
		config := authConfig(cert, hostCA)
		config.NextProtos = []string{proto, "h2"}
		err = tls.Client(conn, config).Handshake()
		if refused != errors.Is(err, io.EOF) || !refused && err != nil {
			t.Errorf("%s: %v", proto, err)
		}
	}
}

// The form before websockets: what follows the headers has no frames.
func TestLegacyUpgrade(t *testing.T) {
	cluster := start(t)
	cert, hostCA := issue(t, cluster, "alice", time.Hour)
	config := webConfig(t, cluster)
	config.NextProtos = []string{"http/1.1"}
	raw, err := tls.Dial("tcp", cluster.Addr(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(20 * time.Second))
	request := "GET /webapi/connectionupgrade HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: alpn\r\nX-Teleport-Upgrade: alpn\r\n\r\n"
	if _, err := io.WriteString(raw, request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReaderSize(raw, 16), nil) // the proxy says nothing after the headers
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", resp, err)
	}
	inside := authConfig(cert, hostCA)
	inside.NextProtos = append(inside.NextProtos, "h2")
	inner := tls.Client(raw, inside)
	if err := inner.Handshake(); err != nil {
		t.Fatal(err)
	}
	inner.Close()
}

func TestConnectionUpgradeRefused(t *testing.T) {
	t.Run("unknown protocol", func(t *testing.T) {
		conn, resp, err := dialUpgrade(t, start(t), websocket.DialOptions{Subprotocols: []string{"websocket"}})
		if err != nil || resp.Header.Get("Sec-Websocket-Protocol") != "" {
			t.Fatalf("%v, %v", resp.Header, err)
		}
		if n, err := conn.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("read %d bytes, %v", n, err)
		}
	})
	for name, change := range map[string]func(*testcluster.Config){
		"old server":     func(c *testcluster.Config) { c.NoUpgrade = true },
		"no TLS routing": func(c *testcluster.Config) { c.TLSRouting = testcluster.TLSRoutingOff },
	} {
		t.Run(name, func(t *testing.T) {
			_, resp, err := dialUpgrade(t, start(t, change), websocket.DialOptions{Subprotocols: []string{"alpn"}})
			if err == nil || resp == nil || resp.StatusCode != http.StatusNotFound {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, err := testcluster.Start(testcluster.Config{Balancer: "layer 4"}); err == nil {
		t.Error("an unknown balancer was started")
	}
	if _, err := testcluster.Start(testcluster.Config{TLSRouting: "perhaps"}); err == nil {
		t.Error("an unknown kind of TLS routing was started")
	}
}

// TestConnectionUpgradeHandshake: a websocket is opened only with all that RFC 6455 (4.2.1)
// wants of a client.
func TestConnectionUpgradeHandshake(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	for _, tt := range []struct {
		header, value string
		want          int
	}{
		{"Connection", "keep-alive", http.StatusBadRequest},
		{"Sec-WebSocket-Key", "", http.StatusBadRequest},
		{"Sec-WebSocket-Key", "not base64", http.StatusBadRequest},
		{"Sec-WebSocket-Key", "AAAA", http.StatusBadRequest},
		{"Sec-WebSocket-Version", "", http.StatusUpgradeRequired},
		{"Sec-WebSocket-Version", "8", http.StatusUpgradeRequired},
		{"Connection", "keep-alive, upgrade", http.StatusSwitchingProtocols},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, cluster.URL()+"/webapi/connectionupgrade", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Protocol": {"alpn"},
			"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
		}
		request.Header.Set(tt.header, tt.value)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != tt.want {
			t.Errorf("%s: %q is answered %s, want %d", tt.header, tt.value, response.Status, tt.want)
		}
	}
}

// A load balancer takes ALPN values and client certificates away, and passes
// the web API.
func TestBalancer(t *testing.T) {
	cluster := start(t)
	cert := appCert(t, cluster, "some-app")
	asked := false
	config := webConfig(t, cluster)
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		asked = true
		return &cert, nil
	}
	status := func(protos ...string) int {
		t.Helper()
		asked = false
		config := config.Clone()
		config.NextProtos = protos
		resp := send(t, webClient(t, config), newRequest(t, cluster.URL()+"/webapi/find"))
		return resp.StatusCode
	}
	if got := status(); got != http.StatusForbidden || !asked {
		t.Errorf("without a balancer: %d, asked: %v", got, asked)
	}
	for _, kind := range []string{testcluster.BalancerHTTP, testcluster.BalancerNoALPN} {
		if err := cluster.SetBalancer(kind); err != nil {
			t.Fatal(err)
		}
		if got := status("http/1.1"); got != http.StatusOK || asked {
			t.Errorf("%s: %d, asked: %v", kind, got, asked)
		}
	}
	tunnel := webConfig(t, cluster)
	tunnel.NextProtos = []string{"teleport-reversetunnel"}
	if state, err := handshake(t, cluster, tunnel); err != nil || state.NegotiatedProtocol != "" {
		t.Errorf("no-alpn: %q, %v", state.NegotiatedProtocol, err)
	}
	if err := cluster.SetBalancer(testcluster.BalancerHTTP); err != nil {
		t.Fatal(err)
	}
	_, err := handshake(t, cluster, tunnel)
	wantError(t, err, "remote error: tls: no application protocol")
	tunnel.NextProtos = []string{"h2", "http/1.1"}
	if state, err := handshake(t, cluster, tunnel); err != nil || state.NegotiatedProtocol != "h2" {
		t.Errorf("http: %q, %v", state.NegotiatedProtocol, err)
	}
	if err := cluster.SetBalancer(""); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != http.StatusForbidden || !asked {
		t.Errorf("taken away again: %d, asked: %v", got, asked)
	}
}

// Without TLS routing the address is a web port.
func TestNoTLSRouting(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.TLSRouting = testcluster.TLSRoutingOff })
	config := webConfig(t, cluster)
	config.NextProtos = []string{"teleport-reversetunnel"}
	_, err := handshake(t, cluster, config)
	wantError(t, err, "remote error: tls: no application protocol")
	config.NextProtos = []string{authALPN, "h2"}
	state, err := handshake(t, cluster, config)
	if err != nil || state.NegotiatedProtocol != "h2" || !slices.Contains(state.PeerCertificates[0].DNSNames, "localhost") {
		t.Errorf("answered by %v, %v", state.PeerCertificates, err)
	}
	body := send(t, webClient(t, webConfig(t, cluster)), newRequest(t, cluster.URL()+"/webapi/ping")).body
	if !strings.Contains(body, `"tls_routing_enabled":false`) {
		t.Errorf("ping %s", body)
	}
}

func newRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}
