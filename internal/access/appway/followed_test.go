// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: who the user is, and which cluster is the last one, changes under a
// running bridge.

package appway

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// identity writes the identity file of a user.
func (s *stage) identity(path, user string) {
	s.Helper()
	key, cert, ca, err := s.cluster.Issue(user, time.Hour)
	if err != nil {
		s.Fatal(err)
	}
	ssh := []byte("ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNh\n")
	hosts := []byte("@cert-authority 127.0.0.1 ssh-rsa AAAAB3Nz type=host\n")
	if err := os.WriteFile(path+".new", bytes.Join([][]byte{key, ssh, cert, hosts, ca}, nil), 0o600); err != nil {
		s.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		s.Fatal(err)
	}
}

// wantCallers compares the users that called, one after another.
func wantCallers(t *testing.T, cluster *testcluster.Cluster, want ...string) {
	t.Helper()
	var users []string
	for _, r := range cluster.Requests() {
		if r.MCPMethod == "tools/call" {
			users = append(users, r.User)
		}
	}
	if !slices.Equal(users, want) {
		t.Errorf("tools were called as %q, want %q", users, want)
	}
}

// TestRenewalOfAnEarlierUser: a renewal that began before the identity file
// changed does not bring the old user back, and neither does a search.
func TestRenewalOfAnEarlierUser(t *testing.T) {
	s := newStage(t, nil)
	path := filepath.Join(t.TempDir(), "identity")
	s.identity(path, "alice")
	source := access.Source{Addr: s.cluster.Addr(), Identity: path, WebCA: string(s.cluster.WebCA())}
	cfg := s.config()
	cfg.Who = s.clusters.Watched(source, "notes")
	hold := make(chan chan struct{}, 1) // what is in it holds the next open
	cfg.Open = func(string) (*access.Cluster, error) {
		c, err := s.clusters.Open(source)
		select {
		case held := <-hold:
			held <- struct{}{}
			<-held
		default:
		}
		return c, err
	}
	w := s.way(cfg)
	s.cluster.SetCertTTL(20 * time.Minute) // so that there is something to renew
	s.mustCall(w)
	s.cluster.SetCertTTL(0)
	for _, late := range []func() error{
		func() error { return w.links.renew(t.Context()) },
		func() error { _, err := w.links.find(t.Context(), w.links.watch()); return err },
	} {
		held := make(chan struct{})
		hold <- held
		done := make(chan error, 1)
		go func() { done <- late() }()
		<-held // as alice
		s.identity(path, "bob")
		s.mustCall(w)
		held <- struct{}{}
		if err := <-done; err != nil {
			t.Error(err)
		}
		s.mustCall(w)
		s.identity(path, "alice")
		s.mustCall(w)
	}
	wantCallers(t, s.cluster, "alice", "bob", "bob", "alice", "bob", "bob", "alice")
}

// TestLookUpAsAnEarlierUser: what a look-up finds as a user who is gone explains
// nothing to the next one, whether it is under way or over when that one comes.
func TestLookUpAsAnEarlierUser(t *testing.T) {
	s := newStage(t, nil)
	path := filepath.Join(t.TempDir(), "identity")
	s.identity(path, "alice")
	source := access.Source{Addr: s.cluster.Addr(), Identity: path, WebCA: string(s.cluster.WebCA())}
	cfg := s.config()
	cfg.Who = s.clusters.Watched(source, "notes")
	hold := make(chan struct{}, 1) // what is in it holds the next open of alice
	held := make(chan struct{})
	cfg.Open = func(string) (*access.Cluster, error) {
		c, err := s.clusters.Open(source)
		if err != nil || c.Profile.Username != "alice" {
			return c, err
		}
		select {
		case <-hold:
			held <- struct{}{}
			<-held
		default:
		}
		return nil, errors.New("alice may not")
	}
	w := s.way(cfg)
	began := time.Now()
	for _, over := range []bool{false, true} {
		s.identity(path, "alice")
		done := make(chan error, 1)
		if !over {
			hold <- struct{}{}
		}
		go func() { done <- w.look.why(t.Context(), time.Now()) }()
		if over {
			if err := <-done; err == nil {
				t.Fatal("alice is told nothing")
			}
		} else {
			<-held
		}
		s.identity(path, "bob")
		if err := w.look.why(t.Context(), began); err != nil {
			t.Errorf("over: %v: bob is told %v", over, err)
		}
		if !over {
			held <- struct{}{}
			if err := <-done; err != nil {
				t.Errorf("who waited since before is told %v", err)
			}
		}
	}
	s.identity(path, "alice")
	for range 2 * lookups { // so many that the last answer counts
		if err := w.look.why(t.Context(), time.Now()); err == nil {
			t.Fatal("alice is told nothing")
		}
	}
	s.identity(path, "bob")
	if err := w.look.why(t.Context(), time.Now()); err != nil {
		t.Errorf("after many: bob is told %v", err)
	}
}

// TestBridgeStaysWithItsCluster: somebody logs in to another cluster, which the
// flags lead to from then on. Neither a request nor a certificate goes there.
func TestBridgeStaysWithItsCluster(t *testing.T) {
	a, b := newStage(t, nil), newStage(t, nil)
	b.store = a.store
	a.login("alice", time.Hour)
	w := a.way(a.config()) // without an address
	a.mustCall(w)
	b.login("bob", time.Hour)
	a.cluster.KillAllSessions()
	a.mustCall(w)
	w.CloseIdleConnections()
	a.mustCall(w)
	wantCallers(t, a.cluster, "alice", "alice", "alice")
	wantCallers(t, b.cluster)
	if n := len(b.cluster.Sessions()); n != 0 {
		t.Errorf("%d certificates of the other cluster", n)
	}
}

// TestFirstOpenDecides: two opens at the same time lead to two clusters; both
// requests go to one.
func TestFirstOpenDecides(t *testing.T) {
	a, b := newStage(t, nil), newStage(t, nil)
	b.store = a.store
	b.login("bob", time.Hour)
	a.login("alice", time.Hour)
	cfg := a.config()
	turn := make(chan string, 2)
	turn <- a.cluster.Addr()
	turn <- b.cluster.Addr()
	var both sync.WaitGroup
	both.Add(2)
	cfg.Open = func(proxy string) (*access.Cluster, error) {
		if proxy == "" { // at the same time
			proxy = <-turn
			both.Done()
			both.Wait()
		}
		return a.clusters.Open(access.Source{Addr: proxy})
	}
	w := a.way(cfg)
	found := make(chan string, 2)
	for range 2 {
		go func() {
			c, err := w.links.open()
			if err != nil {
				t.Error(err)
				found <- err.Error()
				return
			}
			found <- c.Profile.Proxy
		}()
	}
	if one, other := <-found, <-found; one != other {
		t.Errorf("one bridge goes to %s and to %s", one, other)
	}
}

// TestWhatIsUnderWayEndsWithTheBridge: a look-up, and a search for a certificate,
// do not outlive it.
func TestWhatIsUnderWayEndsWithTheBridge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w *Way
		begun := make(chan struct{})
		w = New(t.Context(), Config{App: "notes", Now: time.Now, Open: func(string) (*access.Cluster, error) {
			begun <- struct{}{}
			<-w.life.Done()
			return nil, w.life.Err()
		}})
		done := make(chan error, 2)
		go func() { done <- w.look.why(context.Background(), time.Now()) }()
		go func() { _, err := w.links.get(context.Background()); done <- err }()
		<-begun
		<-begun
		start := time.Now()
		w.Close()
		for range 2 {
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("it says %v", err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("the end took %v", took)
		}
	})
}
