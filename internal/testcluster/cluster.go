// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Cluster is a running cluster. Its methods are safe for concurrent use.
//
// It is put together from parts. Those that are embedded have methods for tests,
// which are the methods of a Cluster.
type Cluster struct {
	cfg  Config // with defaults filled in, never changed
	life *life

	*listeners
	*site   // the root: who there is, and who signs
	*leaves // the leaf clusters
	auth    *authServer

	*alpnRouter        // connections to the proxy
	*balancer          // in front of it
	*upgrades          // connections inside of others
	webCA       []byte // PEM

	apps *appProxy
	Raw  *RawApps // the apps that are no HTTP
	*sessions
	*requestLog
	*faults
	*upstreams

	*hooks
	*rateLimit
	*accessRequests
	local    *localLogins
	sso      *ssoLogins
	headless *headlessLogins

	web       *http.Server
	idpServer *http.Server
	closeOnce sync.Once
}

// Start starts a cluster: its proxy, its auth service and its identity
// provider, on loopback. The caller must Close it.
func Start(cfg Config) (*Cluster, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("test cluster: %w", err)
	}
	c := &Cluster{cfg: cfg, life: newLife()}
	if err = c.build(); err == nil {
		err = c.serve()
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("test cluster: %w", err)
	}
	return c, nil
}

// build makes the parts of a cluster and listens.
func (c *Cluster) build() (err error) {
	c.hooks, c.rateLimit, c.requestLog, c.faults = &hooks{}, &rateLimit{}, &requestLog{}, &faults{}
	c.leaves = &leaves{}
	c.headless = newHeadlessLogins()
	c.accessRequests = &accessRequests{approveAfter: c.cfg.ApproveAfter}
	c.upstreams = &upstreams{mcpHeaders: c.cfg.AppTimes.MCPHeaders}
	c.rateLimit.start(time.Now)
	if c.site, err = newSite(c.cfg, c.hooks); err != nil {
		return err
	}
	c.sessions = c.site.sessions
	if c.listeners, err = listen(c.cfg.Listen); err != nil {
		return err
	}
	if err := c.makeProxy(); err != nil {
		return err
	}
	c.makeApps()
	c.makeLogins()
	c.auth = &authServer{site: c.site, publicAddr: c.Addr(), leaves: c.leaves, headless: c.headless, access: c.accessRequests, factors: &factors{local: c.local, sso: c.sso}}
	c.auth.prepare(c.life, c.listeners.proxy.Addr())
	return nil
}

// makeProxy makes the proxy's side of connections, and its web certificate.
func (c *Cluster) makeProxy() error {
	cert, ca, err := newWebCertificate(c.cfg)
	if err != nil {
		return err
	}
	c.webCA = ca
	web := &tls.Config{
		Certificates: []tls.Certificate{cert},
		ClientAuth:   tls.VerifyClientCertIfGiven,
		ClientCAs:    c.userCA.pool(),
		NextProtos:   c.site.protocols(), // in whatever order of the client's
		MinVersion:   tls.VersionTLS12,
	}
	host, err := newHostTLS(c.host.ca(), c.cfg, web)
	if err != nil {
		return err
	}
	addr := c.listeners.proxy.Addr()
	c.alpnRouter = &alpnRouter{life: c.life, cfg: c.cfg, web: newHandoff(addr), webTLS: web, hostTLS: host, auth: c.authConns}
	c.balancer = newBalancer(c.alpnRouter, addr, c.behind.Addr(), c.webRoots())
	c.upgrades = &upgrades{proxy: c.alpnRouter}
	return nil
}

// makeApps makes what serves the apps.
func (c *Cluster) makeApps() {
	service := &appService{
		listeners: c.listeners, times: c.cfg.AppTimes, root: c.site,
		sessions: c.sessions, requests: c.requestLog, upstreams: c.upstreams,
	}
	c.apps = &appProxy{
		life: c.life, listeners: c.listeners, cfg: c.cfg, apps: c.registry, home: c.home,
		sessions: c.sessions, requests: c.requestLog, faults: c.faults, service: service,
	}
	c.Raw = &RawApps{appProxy: c.apps, router: c.alpnRouter}
	c.alpnRouter.raw = c.Raw
}

// makeLogins makes the ways to log in.
func (c *Cluster) makeLogins() {
	c.local = newLocalLogins(c.listeners, c.site, c.leaves)
	c.sso = &ssoLogins{listeners: c.listeners, site: c.site, connectors: connectorsOf(c.cfg)}
}

// webAPI makes what the web port serves.
func (c *Cluster) webAPI() *webAPI {
	return &webAPI{
		cfg: c.cfg, jwt: c.jwt, rate: c.rateLimit, upgrades: c.upgrades, apps: c.apps,
		ping:     &pingAPI{listeners: c.listeners, cfg: c.cfg, connectors: c.sso.connectors},
		sso:      c.sso,
		local:    c.local,
		headless: &headlessAPI{site: c.site, waiting: c.headless},
	}
}

// serve starts the servers. Each ends when Close closes what it listens on.
func (c *Cluster) serve() error {
	c.web = c.webAPI().newServer(c.life, c.webTLS)
	c.Raw.web = c.web.Handler
	c.idpServer = c.life.newServer(c.cfg, c.sso.idpHandler())
	c.life.wg.Go(func() { c.balancer.server.ServeTLS(c.balancer.conns, "", "") })
	c.life.wg.Go(func() { c.accept(c.listeners.proxy, c.serveClient) })
	c.life.wg.Go(func() { c.accept(c.behind, func(conn *clientConn) { c.serveConn(conn) }) })
	c.life.wg.Go(func() { c.web.Serve(c.alpnRouter.web) })
	c.life.wg.Go(func() { c.idpServer.Serve(c.idp) })
	c.auth.start(c.life)
	return c.leaves.start(c.site, c.life, c.listeners.proxy.Addr())
}

// Close stops everything the cluster has started and waits for it. Connections
// are cut, and logins that wait are abandoned.
func (c *Cluster) Close() error {
	c.closeOnce.Do(func() {
		c.life.end()
		if c.listeners != nil {
			c.listeners.close()
		}
		if c.alpnRouter != nil {
			c.alpnRouter.conns.close()
		}
		c.leaves.stop()
		if c.web != nil {
			c.web.Close()
			c.balancer.server.Close()
			c.idpServer.Close()
		}
		if c.auth != nil {
			c.auth.stop()
		}
		c.upstreams.forget()
		c.life.wg.Wait()
	})
	return nil
}

// authConns is where the auth service of the cluster that an ALPN value names gets
// its connections from. With that of no cluster, and that of a leaf that cannot be
// reached, it is nil.
func (c *Cluster) authConns(proto string) *handoff {
	if proto == authProtocol(c.cfg.Name) {
		return c.auth.conns
	}
	for _, l := range c.leaves.all {
		if proto == authProtocol(l.cfg.Name) && l.reachable() {
			return l.conns
		}
	}
	return nil
}

// home is the cluster that an app session is for: this one, or a leaf that can
// be reached. Without one it is nil.
func (c *Cluster) home(cluster string) *site {
	if cluster == c.cfg.Name {
		return c.site
	}
	if l := c.leaves.find(cluster); l != nil && l.reachable() {
		return l.site
	}
	return nil
}

// LockUser locks a user out, as an administrator does: every call to the auth
// service is denied at once, on connections that are open too, and no reason is
// given. What the user has open with apps ends after AppTimes.Lock. A login fails,
// and tells the reason if there is one. UnlockUser takes the lock away.
func (c *Cluster) LockUser(name string, reason ...string) {
	c.registry.lock(name, strings.Join(reason, " "))
	c.apps.cutLocked(name)
}

// Unlock lets a user try again whom failed attempts have locked out, as the end of
// the lock's time does.
func (c *Cluster) Unlock(user string) { c.local.unlock(user) }

// Name returns the cluster's name.
func (c *Cluster) Name() string { return c.cfg.Name }

// WebCA returns what the proxy's web certificate is verified with, PEM.
func (c *Cluster) WebCA() []byte { return c.webCA }

func (c *Cluster) webRoots() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.webCA)
	return roots
}
