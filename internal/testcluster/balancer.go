// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
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
	*life
	proxy  *alpnRouter
	kind   atomic.Value // string
	conns  *handoff
	server *http.Server
}

// SetBalancer puts a load balancer of that kind in front of the proxy, for
// connections from now on; "" takes it away. The address stays.
func (b *balancer) SetBalancer(kind string) error {
	if err := checkBalancer(kind); err != nil {
		return err
	}
	b.kind.Store(kind)
	return nil
}

// newBalancer makes the balancer at addr, in front of the proxy that it reaches at
// behind, whose web certificate roots verify.
func newBalancer(proxy *alpnRouter, addr, behind net.Addr, roots *x509.CertPool) *balancer {
	b := &balancer{life: proxy.life, proxy: proxy, conns: newHandoff(addr)}
	b.kind.Store(proxy.cfg.Balancer)
	b.server = b.newServer(proxy.cfg, balancerHandler(behind, roots))
	b.server.TLSConfig = &tls.Config{
		Certificates: proxy.webTLS.Certificates,
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			cfg := proxy.webTLS.Clone()
			cfg.ClientAuth, cfg.ClientCAs = tls.NoClientCert, nil
			cfg.NextProtos = []string{alpnHTTP2, alpnHTTP1}
			switch b.kind.Load() {
			case BalancerNoALPN:
				cfg.NextProtos = nil
			case BalancerInspect:
				cfg.NextProtos = hello.SupportedProtos
			}
			return cfg, nil
		},
	}
	return b
}

// serveClient is where connections to the cluster's address arrive.
func (b *balancer) serveClient(conn *clientConn) {
	if b.kind.Load() != "" {
		b.conns.deliver(conn)
		return
	}
	b.proxy.serveConn(conn)
}

// balancerHandler passes requests on to the proxy, over TLS of its own.
func balancerHandler(behind net.Addr, roots *x509.CertPool) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.Out.URL.Scheme, pr.Out.URL.Host = "https", behind.String()
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
