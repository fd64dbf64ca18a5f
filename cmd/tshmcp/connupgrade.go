// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"sync"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// upgradeEnv is tsh's variable: it overrides the test for load balancers that
// end TLS before the proxy.
const upgradeEnv = "TELEPORT_TLS_ROUTING_CONN_UPGRADE"

// upgrades is what this process knows of the ways to its clusters, by address:
// what one connection finds out, the next one need not.
type upgrades struct {
	mu     sync.Mutex
	byAddr map[string]*teleport.Upgrade
}

func (e *env) upgradeMode(addr string) (teleport.UpgradeMode, error) {
	mode, err := teleport.ParseUpgradeMode(e.getenv(upgradeEnv), addr)
	if err != nil {
		return mode, &usageError{Err: fmt.Errorf("%s: %w", upgradeEnv, err)}
	}
	return mode, nil
}

// upgrade returns what is known of the way to the proxy at addr.
func (e *env) upgrade(addr string) (*teleport.Upgrade, error) {
	mode, err := e.upgradeMode(addr)
	if err != nil {
		return nil, err
	}
	e.upgrades.mu.Lock()
	defer e.upgrades.mu.Unlock()
	u := e.upgrades.byAddr[addr]
	if u == nil {
		u = teleport.NewUpgrade(mode)
		if e.upgrades.byAddr == nil {
			e.upgrades.byAddr = map[string]*teleport.Upgrade{}
		}
		e.upgrades.byAddr[addr] = u
	}
	return u, nil
}

// routed tells c's proxy what the login knows about the way to it: whether
// connections were to be upgraded then, and whose certificate answers inside.
// Nothing is known with an identity file. A way that is wrong shows when a
// connection fails, and is tested then.
func (c *cluster) routed() error {
	c.proxy.HostCAs = nil
	if id := c.borrowed; id != nil {
		for _, ca := range id.HostCAs {
			c.trustHostCA(ca)
		}
		if c.from == fromTSH {
			c.proxy.Upgrade.Assume(id.ConnUpgrade)
		}
		return nil
	}
	for _, text := range c.profile.HostCAs {
		cas, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return fmt.Errorf("stored login of %s: %w", c.profile.Proxy, err)
		}
		for _, ca := range cas {
			c.trustHostCA(ca)
		}
	}
	c.proxy.Upgrade.Assume(c.profile.ConnUpgrade)
	return nil
}

func (c *cluster) trustHostCA(ca *x509.Certificate) {
	if c.proxy.HostCAs == nil {
		c.proxy.HostCAs = x509.NewCertPool()
	}
	c.proxy.HostCAs.AddCert(ca)
}

// route finds out, before anybody signs in, whether and how the cluster can be
// reached behind its web address, and has the profile remember it.
func (o *loginOptions) route(ctx context.Context, t *loginTarget) error {
	route := t.proxy.FindRoute(ctx)
	// A proxy that speaks Teleport's protocols at its web address all the same
	// is not to be refused for what it says.
	if t.ping.Proxy.TLSRoutingOff() && route != teleport.RouteDirect {
		return &teleport.NoTLSRoutingError{Cluster: t.ping.ClusterName}
	}
	t.profile.ConnUpgrade = t.proxy.Upgrade.Needed()
	return nil
}
