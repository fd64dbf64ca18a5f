// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// outsideName is how the cluster is known beyond the network's proxy: nobody on
// this machine resolves it.
const outsideName = "teleport.example.test"

// outside starts a cluster that is known as outsideName, and a way to it.
func outside(t *testing.T, change func(*httpproxy.Config)) (*testcluster.Cluster, *httpproxy.Proxy, *teleport.Proxy) {
	t.Helper()
	cluster, proxy := start(t, func(cfg *testcluster.Config) { cfg.WebNames = []string{outsideName} })
	cfg := httpproxy.Config{Resolve: func(string) string { return cluster.Addr() }}
	if change != nil {
		change(&cfg)
	}
	tunnel := must(httpproxy.Start(cfg))(t)
	t.Cleanup(func() { tunnel.Close() })
	proxy.Addr = outsideName + ":3080"
	proxy.Dial = through(t, tunnel.URL()).Dial
	return cluster, tunnel, proxy
}

// through is the way out through the proxy with that URL.
func through(t *testing.T, proxyURL string) *teleport.Egress {
	t.Helper()
	u := must(url.Parse(proxyURL))(t)
	return &teleport.Egress{Find: func(*url.URL) (*url.URL, error) { return u, nil }}
}

// TestEgress takes each of the three ways to a cluster through an HTTP proxy.
func TestEgress(t *testing.T) {
	for name, change := range map[string]func(*httpproxy.Config){
		"open":     nil,
		"password": func(c *httpproxy.Config) { c.User, c.Password = "me@corp", "p:w/ü" },
	} {
		t.Run(name, func(t *testing.T) {
			cluster, tunnel, proxy := outside(t, change)
			wantThreeWays(t, cluster, proxy, tunnel)
		})
	}
}

// wantThreeWays takes each of the three ways to a cluster (web API, auth service, app),
// and holds that via was asked for the cluster for each, and for nothing else.
func wantThreeWays(t *testing.T, cluster *testcluster.Cluster, proxy *teleport.Proxy, via interface{ Asked() []string }) {
	t.Helper()
	ctx := testContext(t)
	if ping := must(proxy.Ping(ctx, ""))(t); ping.ClusterName != cluster.Name() {
		t.Errorf("ping: %+v", ping)
	}
	id := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, id)
	app := must(auth.App(ctx, "web-app"))(t)
	cert := must(auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app}))(t)
	transport := proxy.AppTransport(func(context.Context) (*tls.Certificate, error) { return cert, nil })
	defer transport.CloseIdleConnections()
	resp := must((&http.Client{Transport: transport}).Get("https://localhost/"))(t)
	defer resp.Body.Close()
	if body := must(io.ReadAll(resp.Body))(t); !strings.Contains(string(body), "jwt=true") {
		t.Errorf("app: %s %s", resp.Status, body)
	}
	if asked := via.Asked(); !slices.Equal(asked, []string{proxy.Addr, proxy.Addr, proxy.Addr}) {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

// TestEgressSettingIsNamed holds that a setting that cannot be read is what each
// of the three ways to a cluster fails with.
func TestEgressSettingIsNamed(t *testing.T) {
	cluster, proxy := start(t, nil)
	id := login(t, cluster, "alice", time.Hour)
	_, bad := teleport.ParseEgress("HTTPS_PROXY", "http://me:hunter#2@proxy.example")
	proxy.Dial = (&teleport.Egress{Find: func(*url.URL) (*url.URL, error) { return nil, bad }}).Dial
	ctx := testContext(t)
	for name, way := range map[string]func() error{
		"web API": func() error { _, err := proxy.Find(ctx); return err },
		"auth":    func() error { _, err := dial(t, proxy, id).App(ctx, "web-app"); return err },
		"app": func() error {
			transport := proxy.AppTransport(func(context.Context) (*tls.Certificate, error) {
				cert := id.TLSCertificate()
				return &cert, nil
			})
			defer transport.CloseIdleConnections()
			_, err := (&http.Client{Transport: transport}).Get("https://localhost/")
			return err
		},
	} {
		var named *teleport.EgressSettingError
		if err := way(); !errors.As(err, &named) || !strings.Contains(err.Error(), bad.Error()) {
			t.Errorf("%s: error %v, want %v", name, err, bad)
		}
	}
}

func TestEgressNeedsNoProxy(t *testing.T) {
	cluster, proxy := start(t, nil)
	var asked []string
	proxy.Dial = (&teleport.Egress{Find: func(u *url.URL) (*url.URL, error) {
		asked = append(asked, u.String())
		return nil, nil
	}}).Dial
	must(proxy.Find(testContext(t)))(t)
	if !slices.Equal(asked, []string{"https://" + cluster.Addr()}) {
		t.Errorf("the way was asked for %v", asked)
	}
}

// TestEgressOverTLS is a proxy that is itself reached by https.
func TestEgressOverTLS(t *testing.T) {
	pki := httptest.NewTLSServer(nil) // for its certificate
	defer pki.Close()
	_, tunnel, proxy := outside(t, func(c *httpproxy.Config) { c.TLS = &tls.Config{Certificates: pki.TLS.Certificates} })
	egress := through(t, tunnel.URL())
	egress.RootCAs = x509.NewCertPool()
	egress.RootCAs.AddCert(pki.Certificate())
	proxy.Dial = egress.Dial
	must(proxy.Find(testContext(t)))(t)
	if len(tunnel.Asked()) != 1 {
		t.Errorf("the proxy was asked for %v", tunnel.Asked())
	}
	egress.RootCAs = x509.NewCertPool()
	var unknown x509.UnknownAuthorityError
	if _, err := proxy.Find(testContext(t)); !errors.As(err, &unknown) {
		t.Errorf("an unknown CA of the proxy: %v", err)
	}
}

// TestEgressFails holds that each failure names the proxy, and no password.
func TestEgressFails(t *testing.T) {
	nobody := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	nobody.Close()
	babbler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n\r\nhello")
		conn.Close()
	}))
	defer babbler.Close()
	wrong := func(c *httpproxy.Config) { c.User, c.Password = "me", "secret" }
	_, guarded, proxy := outside(t, wrong)
	_, refusing, _ := outside(t, func(c *httpproxy.Config) { c.Status = http.StatusForbidden })
	for name, test := range map[string]struct {
		url    string
		status int
		text   string
	}{
		"no password":    {strings.Replace(guarded.URL(), "me:secret@", "", 1), 407, "407 Proxy Authentication Required"},
		"wrong password": {strings.Replace(guarded.URL(), "secret", "hunter2", 1), 407, "407 Proxy Authentication Required"},
		"refused":        {refusing.URL(), 403, "403 Forbidden"},
		"nobody there":   {"http://me:hunter2@" + nobody.Addr().String(), 0, "connection refused"},
		"no HTTP":        {"http://" + proxyAddr(t), 0, "cannot be read"},
		"too talkative":  {babbler.URL, 0, "more than an answer"},
		"unknown kind":   {"gopher://me:hunter2@proxy.example:70", 0, `"gopher" are not known`},
		"no SOCKS":       {"socks5://me:hunter2@" + proxyAddr(t), 0, "it does not speak SOCKS5"},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.Dial = through(t, test.url).Dial
			_, err := proxy.Find(testContext(t))
			var failed *teleport.EgressError
			if !errors.As(err, &failed) || failed.Status != test.status || !strings.Contains(err.Error(), test.text) {
				t.Fatalf("error %v, want status %d and %q", err, test.status, test.text)
			}
			if u := must(url.Parse(test.url))(t); failed.Proxy != u.Host || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %v names the proxy %q", err, failed.Proxy)
			}
		})
	}
	proxy.Dial = (&teleport.Egress{Find: func(*url.URL) (*url.URL, error) {
		return nil, errors.New(`parse "http://me:hunter2@ho st": invalid`)
	}}).Dial
	if _, err := proxy.Find(testContext(t)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}

// proxyAddr is a server that speaks, but no HTTP.
func proxyAddr(t *testing.T) string {
	t.Helper()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(conn, "SSH-2.0-Go\r\n\r\n")
			conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return listener.Addr().String()
}

// TestEgressEnds is a proxy that never answers, and a caller that gives up.
func TestEgressEnds(t *testing.T) {
	silent := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer silent.Close()
	for _, scheme := range []string{"http", "https", "socks5"} {
		ctx, cancel := context.WithCancel(testContext(t))
		accepted := make(chan struct{})
		go func() {
			defer close(accepted)
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 1)) // it is being talked to
			cancel()
			io.Copy(io.Discard, conn)
			conn.Close()
		}()
		proxy := &teleport.Proxy{Addr: "teleport.example.test:443", Dial: through(t, scheme+"://"+silent.Addr().String()).Dial}
		if _, err := proxy.Find(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", scheme, err)
		}
		<-accepted
	}
}
