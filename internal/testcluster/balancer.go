// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"slices"
	"sync/atomic"
)

// Kinds of L7 load balancers, which end TLS in front of the proxy with its web
// certificate and pass on HTTP requests and websockets, but no ALPN values and
// no client certificates (protocol.md 6.4).
const (
	// BalancerHTTP negotiates h2 and http/1.1 and refuses everything else, with
	// an alert.
	BalancerHTTP = "http"
	// BalancerNoALPN negotiates nothing.
	BalancerNoALPN = "no-alpn"
	// BalancerInspect is a firewall rather than a balancer: it inspects TLS, and
	// negotiates what its client asks for first, whatever that is.
	BalancerInspect = "inspect"
)

func checkBalancer(kind string) error {
	if !slices.Contains([]string{"", BalancerHTTP, BalancerNoALPN, BalancerInspect}, kind) {
		return fmt.Errorf("balancer %q: must be %s, %s or %s", kind, BalancerHTTP, BalancerNoALPN, BalancerInspect)
	}
	return nil
}

// balancer is the load balancer at the proxy's address, while there is one.
type balancer struct {
	kind   atomic.Value // string
	conns  *handoff
	server *http.Server
}

// SetBalancer puts a load balancer of that kind in front of the proxy, for
// connections from now on; "" takes it away. The address stays.
func (c *Cluster) SetBalancer(kind string) error {
	if err := checkBalancer(kind); err != nil {
		return err
	}
	c.balancer.kind.Store(kind)
	return nil
}

func (c *Cluster) startBalancer() {
	c.balancer.kind.Store(c.cfg.Balancer)
	c.balancer.conns = newHandoff(c.proxy.Addr())
	c.balancer.server = c.newServer(c.balancerHandler())
	c.balancer.server.TLSConfig = &tls.Config{
		Certificates: c.webTLS.Certificates,
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			cfg := c.webTLS.Clone()
			cfg.ClientAuth, cfg.ClientCAs = tls.NoClientCert, nil
			cfg.NextProtos = []string{alpnHTTP2, alpnHTTP1}
			switch c.balancer.kind.Load() {
			case BalancerNoALPN:
				cfg.NextProtos = nil
			case BalancerInspect:
				cfg.NextProtos = hello.SupportedProtos
			}
			return cfg, nil
		},
	}
	c.wg.Go(func() { c.balancer.server.ServeTLS(c.balancer.conns, "", "") })
}

// serveClient is where connections to the cluster's address arrive.
func (c *Cluster) serveClient(conn *clientConn) {
	if c.balancer.kind.Load() != "" {
		c.balancer.conns.deliver(conn)
		return
	}
	c.serveConn(conn)
}

// balancerHandler passes requests on to the proxy, over TLS of its own.
func (c *Cluster) balancerHandler() http.Handler {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.webCA)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.Out.URL.Scheme, pr.Out.URL.Host = "https", c.behind.Addr().String()
			pr.Out.Host = pr.In.Host
			pr.SetXForwarded()
		},
		Transport: &http.Transport{
			TLSClientConfig:    &tls.Config{RootCAs: roots, NextProtos: []string{alpnHTTP1}},
			DisableCompression: true,
			DisableKeepAlives:  true,
		},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxy.ServeHTTP(w, endBody(r))
	})
}
