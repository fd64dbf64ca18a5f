// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"net"
	"slices"
	"sync"
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

// leaf is a running leaf cluster: an auth service, without a proxy, an identity
// provider and users.
type leaf struct {
	*authServer

	mu                              sync.Mutex
	offline, unreachable, forgetful bool
}

// leaves are the leaf clusters of a root.
type leaves struct{ all []*leaf }

// start starts the auth services of leaves, which end with the root.
func (s *leaves) start(root *site, life *life, addr net.Addr) error {
	for _, cfg := range root.cfg.Leaves {
		l, err := newLeaf(cfg, root)
		if err != nil {
			return fmt.Errorf("leaf %q: %w", cfg.Name, err)
		}
		l.prepare(life, addr)
		l.start(life)
		s.all = append(s.all, l)
	}
	return nil
}

func newLeaf(cfg Leaf, root *site) (*leaf, error) {
	filled, err := Config{Name: cfg.Name, Version: root.cfg.Version, Roles: cfg.Roles, Apps: cfg.Apps, Log: root.cfg.Log}.withDefaults()
	if err != nil {
		return nil, err
	}
	site, err := newSite(filled, &hooks{})
	if err != nil {
		return nil, err
	}
	site.root, site.roleMap = root, cfg.RoleMap
	l := &leaf{
		authServer: &authServer{
			site:       site,
			publicAddr: "proxy." + cfg.Name + ".test:443", // that clients of the root never see
			leaves:     &leaves{},
			headless:   newHeadlessLogins(),
			access:     &accessRequests{},
		},
		offline: cfg.Offline, unreachable: cfg.Unreachable,
	}
	l.strangers = func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.forgetful
	}
	return l, nil
}

func (s *leaves) stop() {
	for _, l := range s.all {
		l.stop()
	}
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

// find returns the leaf of a name, or nil.
func (s *leaves) find(name string) *leaf {
	i := slices.IndexFunc(s.all, func(l *leaf) bool { return l.cfg.Name == name })
	if i < 0 {
		return nil
	}
	return s.all[i]
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

// must is for the methods below: a test that names a leaf knows it.
func (s *leaves) must(name string) *leaf {
	l := s.find(name)
	if l == nil {
		panic(fmt.Sprintf("testcluster: there is no leaf %q", name))
	}
	return l
}

// SetLeafOnline makes the root call a leaf online or offline. It says nothing
// about whether the leaf can be reached.
func (s *leaves) SetLeafOnline(name string, online bool) {
	l := s.must(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.offline = !online
}

// SetLeafReachable cuts a leaf off from new connections, or brings it back.
func (s *leaves) SetLeafReachable(name string, reachable bool) {
	l := s.must(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unreachable = !reachable
}

// SetLeafKnowsRoot says whether a leaf knows the user CA of the root. After a rotation of
// that it may not, for a while or until the trust is made anew: then the alert unknown_ca
// is all that users hear of the leaf.
func (s *leaves) SetLeafKnowsRoot(name string, known bool) {
	l := s.must(name)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgetful = !known
}

// LeafHostCA returns the host CA of a leaf, PEM.
func (s *leaves) LeafHostCA(name string) []byte { return s.must(name).host.ca().pem() }

// RotateLeafCA gives a leaf a new host CA. Until FinishLeafRotation its auth
// service keeps the certificate of the old one, which is still to be trusted.
func (s *leaves) RotateLeafCA(name string) error {
	ca, err := newAuthority(name)
	if err != nil {
		return err
	}
	s.must(name).host.rotate(ca)
	return nil
}

// HideLeafCA gives a leaf's auth service a certificate of a CA that the root has
// not heard of, as after a rotation that has not come through yet.
func (s *leaves) HideLeafCA(name string) error {
	l := s.must(name)
	ca, err := newAuthority(name)
	if err != nil {
		return err
	}
	cert, err := newAuthCert(ca, name)
	if err != nil {
		return err
	}
	l.host.finish(cert)
	return nil
}

// FinishLeafRotation makes a leaf use its new host CA alone.
func (s *leaves) FinishLeafRotation(name string) error {
	l := s.must(name)
	cert, err := newAuthCert(l.host.ca(), name)
	if err != nil {
		return err
	}
	l.host.finish(cert)
	return nil
}
