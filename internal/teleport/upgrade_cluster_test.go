// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a cluster behind a load balancer that ends TLS.

package teleport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// upgradable is proxy, with what it takes to reach it through a load balancer.
func upgradable(proxy *teleport.Proxy, id *teleport.Identity, mode teleport.UpgradeMode) *teleport.Proxy {
	p := *proxy
	p.Upgrade, p.HostCAs = teleport.NewUpgrade(mode), x509.NewCertPool()
	for _, ca := range id.HostCAs {
		p.HostCAs.AddCert(ca)
	}
	return &p
}

// appClient issues a certificate for web-app and returns a client with it.
func appClient(t testing.TB, p *teleport.Proxy, auth *teleport.RootAuth) *http.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	app, err := auth.App(ctx, "web-app")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app})
	if err != nil {
		t.Fatal(err)
	}
	transport := p.AppTransport(func(context.Context) (*tls.Certificate, error) { return cert, nil })
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t testing.TB, client *http.Client) string {
	t.Helper()
	resp, err := client.Get("https://localhost/")
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, body)
}

// balance puts a load balancer in front of the cluster.
func balance(t *testing.T, cluster *testcluster.Cluster, kind string) {
	t.Helper()
	if err := cluster.SetBalancer(kind); err != nil {
		t.Fatal(err)
	}
}

const getOK = "200 GET /  jwt=true"

func TestThroughABalancer(t *testing.T) {
	for _, kind := range []string{testcluster.BalancerHTTP, testcluster.BalancerNoALPN, ""} {
		t.Run(kind, func(t *testing.T) {
			cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.Balancer = kind })
			id := login(t, cluster, "alice", time.Hour)
			p := upgradable(proxy, id, teleport.UpgradeAuto)
			if must(p.Find(testContext(t)))(t).ClusterName != cluster.Name() {
				t.Error("not found")
			}
			route := p.FindRoute(testContext(t))
			if want := kind != ""; (route == teleport.RouteEnded) != want || p.Upgrade.Needed() != want {
				t.Fatalf("route %v", route)
			}
			if kind == "" {
				p = upgradable(proxy, id, teleport.UpgradeAlways) // works there too
			}
			auth := dial(t, p, id)
			client := appClient(t, p, auth)
			for range 2 {
				if got := get(t, client); got != getOK {
					t.Errorf("got %q", got)
				}
				client.CloseIdleConnections()
			}
			if got := cluster.Upgrades(); len(got) != 3 {
				t.Errorf("upgrades %q, want one for gRPC and two for the app", got)
			}
		})
	}
}

// Verified inside is the host CA, and nothing else: neither the web's roots nor
// Insecure, which is for the web address.
func TestHostCAInside(t *testing.T) {
	cluster, proxy := start(t, nil)
	other, _ := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)
	p := upgradable(proxy, login(t, other, "alice", time.Hour), teleport.UpgradeAlways)
	p.Insecure = true
	var unknown x509.UnknownAuthorityError
	if _, err := appClient(t, p, auth).Get("https://localhost/"); !errors.As(err, &unknown) {
		t.Errorf("error %v", err)
	}
	p.HostCAs = nil
	if _, err := appClient(t, p, auth).Get("https://localhost/"); !errors.Is(err, teleport.ErrNoHostCA) {
		t.Errorf("error %v", err)
	}
}

// The network changes under a program that runs.
func TestNetworkChanges(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	t.Run("gRPC", func(t *testing.T) {
		p := upgradable(proxy, id, teleport.UpgradeAuto)
		auth := dial(t, p, id)
		must(auth.User(testContext(t)))(t)
		balance(t, cluster, testcluster.BalancerHTTP)
		defer cluster.SetBalancer("")
		cluster.DropConnections()
		ctx := testContext(t)
		for {
			_, err := auth.User(ctx)
			if err == nil {
				break
			}
			if ctx.Err() != nil {
				t.Fatal(err)
			}
		}
		if !p.Upgrade.Needed() {
			t.Error("not upgraded")
		}
		// What is new needs no second failure.
		before := len(cluster.Upgrades())
		must(dial(t, p, id).User(testContext(t)))(t)
		if n := len(cluster.Upgrades()) - before; n != 1 {
			t.Errorf("%d upgrades", n)
		}
	})
	t.Run("app", func(t *testing.T) {
		p := upgradable(proxy, id, teleport.UpgradeAuto)
		client := appClient(t, p, dial(t, p, id))
		if got := get(t, client); got != getOK {
			t.Fatal(got)
		}
		balance(t, cluster, testcluster.BalancerNoALPN)
		defer cluster.SetBalancer("")
		client.CloseIdleConnections()
		if got := get(t, client); got != getOK || !p.Upgrade.Needed() {
			t.Error(got)
		}
		// Without the balancer the websocket works as before.
		cluster.SetBalancer("")
		client.CloseIdleConnections()
		if got := get(t, client); got != getOK {
			t.Error(got)
		}
	})
	t.Run("not allowed", func(t *testing.T) {
		for _, mode := range []*teleport.Upgrade{nil, teleport.NewUpgrade(teleport.UpgradeNever)} {
			p := upgradable(proxy, id, teleport.UpgradeAuto)
			client := appClient(t, p, dial(t, p, id))
			p.Upgrade = mode
			client.CloseIdleConnections()
			balance(t, cluster, testcluster.BalancerHTTP)
			_, err := client.Get("https://localhost/")
			_, authErr := dial(t, p, id).User(testContext(t))
			cluster.SetBalancer("")
			var failed *teleport.UpgradeError
			if !errors.Is(err, teleport.ErrCertNotAsked) || errors.As(err, &failed) != (mode != nil) {
				t.Errorf("app: error %v", err)
			}
			var name x509.HostnameError
			if !errors.As(authErr, &name) || errors.As(authErr, &failed) != (mode != nil) {
				t.Errorf("gRPC: error %v", authErr)
			}
		}
	})
}

// A firewall that inspects TLS takes over what the proxy negotiates: the test
// says that all is well, the connections say otherwise.
func TestInspectedNetwork(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	p := upgradable(proxy, id, teleport.UpgradeAuto)
	client := appClient(t, p, dial(t, p, id))
	balance(t, cluster, testcluster.BalancerInspect)
	if route := p.FindRoute(testContext(t)); route != teleport.RouteDirect {
		t.Fatalf("route %v", route)
	}
	client.CloseIdleConnections()
	if got := get(t, client); got != getOK || !p.Upgrade.Needed() {
		t.Error(got)
	}
	p = upgradable(proxy, id, teleport.UpgradeAuto)
	if _, err := dial(t, p, id).User(testContext(t)); err != nil || !p.Upgrade.Needed() {
		t.Error(err)
	}
}

// Where an upgrade was only worth a try, its failure is not the news.
func TestUpgradeInVain(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.NoUpgrade = true })
	other, _ := start(t, nil)
	p := upgradable(proxy, login(t, cluster, "alice", time.Hour), teleport.UpgradeAuto)
	_, err := dial(t, p, login(t, other, "alice", time.Hour)).User(testContext(t))
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) || p.Upgrade.Needed() {
		t.Errorf("error %v", err)
	}
}

// An upgrade that was needed once and is refused now.
func TestUpgradeNotNeededAnyMore(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.NoUpgrade = true })
	id := login(t, cluster, "alice", time.Hour)
	p := upgradable(proxy, id, teleport.UpgradeAuto)
	p.Upgrade.Assume(true)
	auth := dial(t, p, id)
	if got := get(t, appClient(t, p, auth)); got != getOK || p.Upgrade.Needed() {
		t.Error(got)
	}
	p.Upgrade = teleport.NewUpgrade(teleport.UpgradeAuto)
	p.Upgrade.Assume(true)
	if got := get(t, appClient(t, p, auth)); got != getOK || p.Upgrade.Needed() {
		t.Error(got)
	}

	// Behind a balancer there is no other way.
	balance(t, cluster, testcluster.BalancerHTTP)
	p = upgradable(proxy, id, teleport.UpgradeAuto)
	_, err := dial(t, p, id).User(testContext(t))
	var failed *teleport.UpgradeError
	if !errors.As(err, &failed) || failed.Status != http.StatusNotFound {
		t.Errorf("error %v", err)
	}
}

// TestLongStream holds a stream open over many pings, while gRPC is idle.
func TestLongStream(t *testing.T) {
	goOn := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, line := range []string{"data: first\n", "data: last\n"} {
			fmt.Fprintln(w, line)
			w.(http.Flusher).Flush()
			select {
			case <-goOn:
			case <-r.Context().Done():
				return
			}
		}
	}))
	defer srv.Close()
	cluster, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Balancer, cfg.UpgradePing = testcluster.BalancerHTTP, 5*time.Millisecond
		cfg.Apps[0].URI = srv.URL
	})
	id := login(t, cluster, "alice", time.Hour)
	p := upgradable(proxy, id, teleport.UpgradeAlways)
	auth := dial(t, p, id)
	client := appClient(t, p, auth)
	awaitPongs(t, cluster, 10) // of gRPC alone
	req := must(http.NewRequestWithContext(testContext(t), http.MethodGet, "https://localhost/", nil))(t)
	resp := must(client.Do(req))(t)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	next := func() string {
		for lines.Scan() {
			if lines.Text() != "" {
				return lines.Text()
			}
		}
		return fmt.Sprint(lines.Err())
	}
	if got := next(); got != "data: first" {
		t.Fatal(got)
	}
	reading := make(chan string)
	go func() { reading <- next() }()
	auth.Close() // from here on the pongs are those of the stream
	awaitPongs(t, cluster, 10)
	close(goOn)
	if got := <-reading; got != "data: last" {
		t.Error(got)
	}
	if got := next(); got != "<nil>" {
		t.Errorf("at the end: %s", got)
	}
}

// awaitPongs waits for n more answers to pings.
func awaitPongs(t *testing.T, cluster *testcluster.Cluster, n int) {
	t.Helper()
	ctx := testContext(t)
	for start := cluster.Pongs(); cluster.Pongs() < start+n; {
		select {
		case <-ctx.Done():
			t.Fatalf("%d pongs, want %d", cluster.Pongs()-start, n)
		case <-time.After(time.Millisecond):
		}
	}
}

func TestNoTLSRouting(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.TLSRouting = testcluster.TLSRoutingOff })
	id := login(t, cluster, "alice", time.Hour)
	if ping := must(proxy.Ping(testContext(t), ""))(t); !ping.Proxy.TLSRoutingOff() {
		t.Error("ping does not say so")
	}
	for _, p := range []*teleport.Proxy{proxy, upgradable(proxy, id, teleport.UpgradeAuto), upgradable(proxy, id, teleport.UpgradeAlways)} {
		_, err := dial(t, p, id).User(testContext(t))
		var off *teleport.NoTLSRoutingError
		if !errors.As(err, &off) || off.Cluster != cluster.Name() || off.Err == nil {
			t.Errorf("error %v", err)
		}
	}
	// Apps are reached at the web address, and not made to take another way.
	p := upgradable(proxy, id, teleport.UpgradeAuto)
	dial(t, p, id).User(testContext(t))
	transport := p.AppTransport(func(context.Context) (*tls.Certificate, error) {
		cert := id.TLSCertificate()
		return &cert, nil
	})
	defer transport.CloseIdleConnections()
	if got := get(t, &http.Client{Transport: transport}); got != "403 Forbidden\n" || p.Upgrade.Needed() {
		t.Errorf("got %q", got) // what a login's certificate gets there
	}
}

// BenchmarkConnection is a new connection with one request, both ways to one
// cluster without a balancer, so that they differ by the upgrade alone.
func BenchmarkConnection(b *testing.B) {
	cluster, proxy := start(b, nil)
	id := login(b, cluster, "alice", time.Hour)
	for _, way := range []struct {
		name string
		mode teleport.UpgradeMode
	}{{"direct", teleport.UpgradeNever}, {"upgraded", teleport.UpgradeAlways}} {
		p := upgradable(proxy, id, way.mode)
		b.Run("gRPC/"+way.name, func(b *testing.B) {
			for b.Loop() {
				auth, err := p.DialAuth(id)
				if err == nil {
					_, err = auth.User(context.Background())
					auth.Close()
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
		client := appClient(b, p, dial(b, p, id))
		b.Run("app/"+way.name, func(b *testing.B) {
			for b.Loop() {
				if got := get(b, client); got != getOK {
					b.Fatal(got)
				}
				client.CloseIdleConnections()
			}
		})
		b.Run("app-reused/"+way.name, func(b *testing.B) {
			for b.Loop() {
				if got := get(b, client); got != getOK {
					b.Fatal(got)
				}
			}
		})
	}
}
