// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Config describes the Grafana to start. The zero value knows no dashboards and
// trusts nobody until Trust is called.
type Config struct {
	// Listen is the address of the HTTP API, by default "127.0.0.1:0".
	// Anything that is not a loopback address is refused.
	Listen string
	// JWKSURL is where the keys of the trusted cluster are, https only (jwk_set_url).
	// It is fetched at the first token and kept. Empty: see Trust.
	JWKSURL string
	// RootCAs verify the server behind JWKSURL; nil means the system's roots.
	RootCAs *x509.CertPool
	// Issuer is the "iss" that tokens must carry (expect_claims); empty: any.
	Issuer string
	// Role maps the roles claim to Viewer, Editor or Admin
	// (role_attribute_path); nil is the mapping of the package comment.
	Role func(roles []string) string
	// Dashboards and Datasources are what the API knows at first.
	Dashboards  []Dashboard
	Datasources []Datasource
}

// The roles a Grafana user can have, in ascending order.
const (
	Viewer = "Viewer"
	Editor = "Editor"
	Admin  = "Admin"
)

// A Dashboard is one dashboard of Grafana.
type Dashboard struct {
	UID, Title string
	Tags       []string
	// Role is the least role that sees it, by default Viewer.
	Role string
}

// A Datasource is one data source of Grafana.
type Datasource struct {
	UID, Name, Type string
	Default         bool
}

// A Request is one answered call of the HTTP API.
type Request struct {
	Method, Path string
	User, Role   string // of the verified token; empty if there was none
	Status       int
}

// Grafana is a running stand-in. Its methods are safe for concurrent use.
type Grafana struct {
	cfg    Config
	url    string
	server *http.Server
	served chan struct{} // closed when the server's loop has ended

	mu         sync.Mutex
	keys       *keySet
	dashboards []Dashboard
	requests   []Request
}

// Start starts a Grafana; Close stops it.
func Start(cfg Config) (*Grafana, error) {
	listener, err := listen(cfg.Listen)
	if err != nil {
		return nil, err
	}
	if cfg.Role == nil {
		cfg.Role = editorOrViewer
	}
	g := &Grafana{
		cfg:        cfg,
		url:        "http://" + listener.Addr().String(),
		served:     make(chan struct{}),
		keys:       &keySet{url: cfg.JWKSURL, roots: cfg.RootCAs},
		dashboards: slices.Clone(cfg.Dashboards),
	}
	g.server = &http.Server{Handler: g.routes(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(g.served)
		_ = g.server.Serve(listener) // ends with ErrServerClosed
	}()
	return g, nil
}

// listen opens a loopback address only: this Grafana is for tests.
func listen(addr string) (net.Listener, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%q is not a loopback address", host)
	}
	return net.Listen("tcp", addr)
}

// Close stops the server and waits for the calls that it is answering, at most
// five seconds.
func (g *Grafana) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := g.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, g.server.Close())
	}
	<-g.served
	return err
}

// URL is the base URL, what GRAFANA_URL takes.
func (g *Grafana) URL() string { return g.url }

// Trust makes Grafana accept the tokens whose keys are at jwksURL in place of
// the configured ones: a test's cluster can be started after its Grafana.
func (g *Grafana) Trust(jwksURL string, roots *x509.CertPool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.keys = &keySet{url: jwksURL, roots: roots}
}

// Requests are the calls answered so far, in order.
func (g *Grafana) Requests() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.requests)
}

func (g *Grafana) record(r Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests = append(g.requests, r)
}

// Dashboards are those there are now.
func (g *Grafana) Dashboards() []Dashboard {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.dashboards)
}

// put creates or replaces a dashboard and returns its index.
func (g *Grafana) put(d Dashboard) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.IndexFunc(g.dashboards, func(known Dashboard) bool { return known.UID == d.UID })
	if i < 0 {
		g.dashboards = append(g.dashboards, d)
		return len(g.dashboards) - 1
	}
	d.Role = g.dashboards[i].Role
	g.dashboards[i] = d
	return i
}
