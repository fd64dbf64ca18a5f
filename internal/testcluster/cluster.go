// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// A Cluster is a running cluster. Its methods are safe for concurrent use.
type Cluster struct {
	cfg Config // with defaults filled in, never changed after Start
	log *slog.Logger

	userCA  *authority // signs logins and app certificates
	sshCA   sshCA
	host    hostKeys // of the auth service
	webTLS  *tls.Config
	hostTLS *tls.Config // of the proxy inside upgraded connections
	webCA   []byte      // PEM
	hostIDs []string    // of the app servers

	leaves  []*leaf
	root    *Cluster      // of a leaf, else nil
	roleMap []RoleMapping // of a leaf

	proxy     net.Listener
	behind    net.Listener // the proxy as the load balancer reaches it
	balancer  balancer
	upgrades  upgrades
	idp       net.Listener
	conns     connSet  // of clients to the proxy
	webConns  *handoff // those that the mux sends to the web port
	authConns *handoff // and to the auth service
	web       *http.Server
	idpServer *http.Server
	auth      *grpc.Server

	state  state
	logins logins
	local  localState
	hooks  hooks
	rate   rateLimit

	sessions sessions
	jwt      *jwtSigner
	faults   faults
	mcp      mcpRelease

	ctx       context.Context // ends when Close begins
	stop      context.CancelFunc
	mu        sync.Mutex     // orders begin and Close
	wg        sync.WaitGroup // every goroutine and every request
	closeOnce sync.Once
}

// Start starts a cluster: its proxy, its auth service and its identity
// provider, on loopback. The caller must Close it.
func Start(cfg Config) (*Cluster, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("test cluster: %w", err)
	}
	c := newCluster(cfg)
	if err := errors.Join(c.makeKeys(), c.listen()); err != nil {
		c.Close()
		return nil, fmt.Errorf("test cluster: %w", err)
	}
	c.serve()
	if err := c.startLeaves(); err != nil {
		c.Close()
		return nil, fmt.Errorf("test cluster: %w", err)
	}
	return c, nil
}

// newCluster makes what a cluster needs before it has keys and listens.
func newCluster(cfg Config) *Cluster {
	c := &Cluster{cfg: cfg, log: cfg.Log}
	c.ctx, c.stop = context.WithCancel(context.Background())
	c.state.start(cfg)
	c.rate.start(time.Now)
	c.mcp = mcpReleaseOf(cfg)
	c.sessions = newSessions()
	c.local = newLocalState()
	for range cfg.AppServers {
		c.hostIDs = append(c.hostIDs, newUUID())
	}
	return c
}

// makeKeys makes the certificate authorities and the web certificate.
func (c *Cluster) makeKeys() (err error) {
	if c.userCA, err = newAuthority(c.cfg.Name); err != nil {
		return err
	}
	if c.sshCA, err = newSSHCA(); err != nil {
		return err
	}
	hostCA, err := newAuthority(c.cfg.Name)
	if err != nil {
		return err
	}
	if c.jwt, err = newJWTSigner(c.cfg.Name); err != nil {
		return err
	}
	cert, ca, err := newWebCertificate(c.cfg)
	if err != nil {
		return err
	}
	c.webCA = ca
	c.webTLS = &tls.Config{
		Certificates: []tls.Certificate{cert},
		ClientAuth:   tls.VerifyClientCertIfGiven,
		ClientCAs:    c.userCA.pool(),
		NextProtos:   []string{alpnHTTP1, alpnHTTP2}, // in either order of the client's
		MinVersion:   tls.VersionTLS12,
	}
	if c.hostTLS, err = c.newHostTLS(hostCA); err != nil {
		return err
	}
	authCert, err := c.newAuthCert(hostCA)
	if err != nil {
		return err
	}
	c.host.start(hostCA, authCert)
	c.auth = c.newAuthServer()
	return nil
}

func (c *Cluster) listen() (err error) {
	if c.proxy, err = net.Listen("tcp", c.cfg.Listen); err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(c.proxy.Addr().String())
	if err != nil {
		return err
	}
	if c.idp, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		return err
	}
	if c.behind, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		return err
	}
	c.webConns = newHandoff(c.proxy.Addr())
	c.authConns = newHandoff(c.proxy.Addr())
	return nil
}

// serve starts the servers. Each ends when Close closes what it listens on.
func (c *Cluster) serve() {
	c.web = c.newWebServer()
	c.idpServer = c.newServer(c.idpHandler())
	c.startBalancer()
	c.wg.Go(func() { c.serveProxy(c.proxy, c.serveClient) })
	c.wg.Go(func() { c.serveProxy(c.behind, func(conn *clientConn) { c.serveConn(conn) }) })
	c.wg.Go(func() { c.web.Serve(c.webConns) })
	c.wg.Go(func() { c.idpServer.Serve(c.idp) })
	c.wg.Go(func() { c.auth.Serve(c.authConns) })
}

// Close stops everything the cluster has started and waits for it. Connections
// are cut, and logins that wait are abandoned.
func (c *Cluster) Close() error {
	c.closeOnce.Do(func() {
		c.mu.Lock()
		c.stop()
		c.mu.Unlock()
		for _, listener := range []net.Listener{c.proxy, c.behind, c.idp} {
			if listener != nil {
				listener.Close()
			}
		}
		c.conns.close()
		for _, l := range c.leaves {
			l.Close()
		}
		if c.web != nil {
			c.web.Close()
			c.balancer.server.Close()
			c.idpServer.Close()
		}
		if c.auth != nil {
			c.auth.Stop()
		}
		c.closeApps()
		c.wg.Wait()
	})
	return nil
}

// begin counts a request as work that Close waits for; it must be followed by
// wg.Done. It reports false once Close has begun.
func (c *Cluster) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return false
	}
	c.wg.Add(1)
	return true
}

// Addr returns the proxy's address, host:port.
func (c *Cluster) Addr() string { return c.proxy.Addr().String() }

// URL returns the proxy's web address as a URL, without a final slash.
func (c *Cluster) URL() string { return "https://" + c.Addr() }

// IdP returns the URL of the identity provider, without a final slash.
func (c *Cluster) IdP() string { return "http://" + c.idp.Addr().String() }

// Name returns the cluster's name.
func (c *Cluster) Name() string { return c.cfg.Name }

// WebCA returns what the proxy's web certificate is verified with, PEM.
func (c *Cluster) WebCA() []byte { return c.webCA }
