// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a cluster, and the network's proxy, behind names with several
// addresses, of which only the last one leads there.

package teleport_test

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
	"github.com/tshmcp/tshmcp/internal/testcluster/socks"
)

// lastOfMany looks every name up: two addresses that refuse, one that never
// answers, and this machine. A number is itself.
func lastOfMany() *teleport.Dialer {
	silent := netip.MustParseAddr("192.0.2.1")
	return &teleport.Dialer{
		Lookup: func(_ context.Context, host string) ([]netip.Addr, error) {
			if ip, err := netip.ParseAddr(host); err == nil {
				return []netip.Addr{ip}, nil
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.9"), netip.IPv6Loopback(), silent, netip.MustParseAddr("127.0.0.1")}, nil
		},
		Connect: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if netip.MustParseAddrPort(addr).Addr() == silent {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}
}

// at is the port of addr under another name.
func at(t *testing.T, host, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort(host, port)
}

// TestEveryWayTriesEachAddress goes to the web API, to the auth service and to an
// app: directly, through an upgrade, and through each kind of proxy.
func TestEveryWayTriesEachAddress(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.WebNames = []string{outsideName} })
	proxy.Addr = at(t, outsideName, cluster.Addr())
	id := login(t, cluster, "alice", time.Hour)
	resolve := func(string) string { return cluster.Addr() }
	tunnel := must(httpproxy.Start(httpproxy.Config{Resolve: resolve}))(t)
	t.Cleanup(func() { tunnel.Close() })
	tunnelURL := must(url.Parse(tunnel.URL()))(t)
	viaSOCKS := startSOCKS(t, socks.Config{Resolve: resolve})
	for name, test := range map[string]struct {
		balancer string
		via      string // of the network's proxy
	}{
		"direct":   {"", ""},
		"upgraded": {testcluster.BalancerHTTP, ""},
		"CONNECT":  {"", "http://" + at(t, "edge.example.test", tunnelURL.Host)},
		"SOCKS":    {"", "socks5h://" + at(t, "edge.example.test", viaSOCKS.Addr())},
	} {
		t.Run(name, func(t *testing.T) {
			balance(t, cluster, test.balancer)
			defer cluster.SetBalancer("")
			p := upgradable(proxy, id, teleport.UpgradeAuto)
			p.Dial = lastOfMany().Dial
			if test.via != "" {
				egress := through(t, test.via)
				egress.Direct = p.Dial
				p.Dial = egress.Dial
			}
			begun := time.Now()
			must(p.Find(testContext(t)))(t)
			auth := dial(t, p, id)
			if got := get(t, appClient(t, p, auth)); got != getOK {
				t.Errorf("app: %s", got)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}
