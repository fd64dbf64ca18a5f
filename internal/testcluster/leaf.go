// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A Leaf is a leaf cluster: it trusts the cluster as its root and is reached
// through the root's proxy (protocol.md 6.7). It has CAs, roles and apps
// of its own, and no users.
type Leaf struct {
	Name  string
	Roles []Role
	Apps  []App
	// RoleMap gives users of the root roles of the leaf. A user to whom it
	// gives none is denied everything there.
	RoleMap []RoleMapping
	// Offline makes the root call the leaf offline although it can be reached,
	// as it does for a while after the trust is made.
	Offline bool
	// Unreachable cuts every connection to the leaf.
	Unreachable bool
}

// A RoleMapping gives the roles Local to whoever has a role of the root that
// Remote matches: a literal, a glob or ^regexp$.
type RoleMapping struct {
	Remote string
	Local  []string
}

// leaf is a running leaf cluster.
type leaf struct {
	*Cluster // without a proxy, an identity provider and users

	mu                   sync.Mutex
	offline, unreachable bool
}

// startLeaf starts the auth service of a leaf. Closing the root closes it.
func (c *Cluster) startLeaf(cfg Leaf) (*leaf, error) {
	filled, err := Config{Name: cfg.Name, Version: c.cfg.Version, Roles: cfg.Roles, Apps: cfg.Apps, Log: c.cfg.Log}.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("leaf %q: %w", cfg.Name, err)
	}
	l := &leaf{Cluster: newCluster(filled), offline: cfg.Offline, unreachable: cfg.Unreachable}
	l.root, l.roleMap = c, cfg.RoleMap
	if err := l.makeKeys(); err != nil {
		l.Close()
		return nil, err
	}
	l.authConns = newHandoff(c.proxy.Addr())
	l.wg.Go(func() { l.auth.Serve(l.authConns) })
	return l, nil
}

func (c *Cluster) startLeaves() error {
	for _, cfg := range c.cfg.Leaves {
		l, err := c.startLeaf(cfg)
		if err != nil {
			return err
		}
		c.leaves = append(c.leaves, l)
	}
	return nil
}

func (cfg Config) checkLeaves() error {
	names := map[string]bool{cfg.Name: true}
	for _, l := range cfg.Leaves {
		if l.Name == "" || names[l.Name] {
			return fmt.Errorf("leaf %q: names must be given and differ, also from the cluster's", l.Name)
		}
		names[l.Name] = true
		for _, mapping := range l.RoleMap {
			for _, name := range mapping.Local {
				if !slices.ContainsFunc(l.Roles, func(r Role) bool { return r.Name == name }) {
					return fmt.Errorf("leaf %q: there is no role %q", l.Name, name)
				}
			}
		}
	}
	return nil
}

// leaf returns the leaf of a name, or nil.
func (c *Cluster) leaf(name string) *leaf {
	i := slices.IndexFunc(c.leaves, func(l *leaf) bool { return l.cfg.Name == name })
	if i < 0 {
		return nil
	}
	return c.leaves[i]
}

// authByALPN hands a connection to the auth service of the cluster that an ALPN
// value names. That of no cluster, and that of a leaf that cannot be reached,
// is closed, which the client sees as EOF in the handshake.
func (c *Cluster) authByALPN(proto string) func(net.Conn) {
	if proto == authProtocol(c.cfg.Name) {
		return c.authConns.deliver
	}
	for _, l := range c.leaves {
		if proto == authProtocol(l.cfg.Name) && l.reachable() {
			return l.authConns.deliver
		}
	}
	return nil
}

// home is the cluster that an app session is for: this one, or a leaf that can
// be reached. Without one it is nil.
func (c *Cluster) home(cluster string) *Cluster {
	if cluster == c.cfg.Name {
		return c
	}
	if l := c.leaf(cluster); l != nil && l.reachable() {
		return l.Cluster
	}
	return nil
}

func (l *leaf) reachable() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.unreachable
}

// connection is what the root says about the leaf.
func (l *leaf) connection() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.offline {
		return "offline"
	}
	return "online"
}

// here is a user of the root as this cluster knows them: in a leaf under
// another name and with the roles that the role map gives (protocol.md 6.7).
func (c *Cluster) here(id identity) identity {
	if c.root == nil {
		return id
	}
	var roles []string
	for _, mapping := range c.roleMap {
		if slices.ContainsFunc(id.Roles, func(role string) bool { return patternMatches(mapping.Remote, role) }) {
			roles = append(roles, mapping.Local...)
		}
	}
	slices.Sort(roles)
	id.Roles = slices.Compact(roles)
	id.Username = "remote-" + id.Username + "-" + id.Cluster
	return id
}

// admitRemote refuses a user of the root to whom the role map gives nothing.
func (c *Cluster) admitRemote(ctx context.Context) error {
	if c.root != nil && len(client(ctx).identity.Roles) == 0 {
		return status.Error(codes.PermissionDenied, "access denied")
	}
	return nil
}

// mustLeaf is for the methods below: a test that names a leaf knows it.
func (c *Cluster) mustLeaf(name string) *leaf {
	l := c.leaf(name)
	if l == nil {
		panic(fmt.Sprintf("testcluster: %s has no leaf %q", c.cfg.Name, name))
	}
	return l
}

// SetLeafOnline makes the root call a leaf online or offline. It says nothing
// about whether the leaf can be reached.
func (c *Cluster) SetLeafOnline(name string, online bool) {
	l := c.mustLeaf(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.offline = !online
}

// SetLeafReachable cuts a leaf off from new connections, or brings it back.
func (c *Cluster) SetLeafReachable(name string, reachable bool) {
	l := c.mustLeaf(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unreachable = !reachable
}

// LeafHostCA returns the host CA of a leaf, PEM.
func (c *Cluster) LeafHostCA(name string) []byte { return c.mustLeaf(name).host.ca().pem() }

// RotateLeafCA gives a leaf a new host CA. Until FinishLeafRotation its auth
// service keeps the certificate of the old one, which is still to be trusted.
func (c *Cluster) RotateLeafCA(name string) error {
	ca, err := newAuthority(name)
	if err != nil {
		return err
	}
	c.mustLeaf(name).host.rotate(ca)
	return nil
}

// HideLeafCA gives a leaf's auth service a certificate of a CA that the root has
// not heard of, as after a rotation that has not come through yet.
func (c *Cluster) HideLeafCA(name string) error {
	l := c.mustLeaf(name)
	ca, err := newAuthority(name)
	if err != nil {
		return err
	}
	cert, err := l.newAuthCert(ca)
	if err != nil {
		return err
	}
	l.host.finish(cert)
	return nil
}

// FinishLeafRotation makes a leaf use its new host CA alone.
func (c *Cluster) FinishLeafRotation(name string) error {
	l := c.mustLeaf(name)
	cert, err := l.newAuthCert(l.host.ca())
	if err != nil {
		return err
	}
	l.host.finish(cert)
	return nil
}
