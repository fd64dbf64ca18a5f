// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// output writes an application output of tbot.
func (s *stage) output(dir, user string) {
	s.Helper()
	key, cert, ca, err := s.cluster.IssueApp(user, "notes", time.Hour)
	if err != nil {
		s.Error(err)
		return
	}
	for name, data := range map[string][]byte{"tlscert": cert, "key": key, "teleport-host-ca.crt": ca} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path+".new", data, 0o600); err != nil {
			s.Error(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			s.Error(err)
		}
	}
}

// TestStateUnderFire does everything at once that changes the state, in any order,
// while the rules are checked after each move (see TestMain). In the end the link
// is that of the user who came last.
func TestStateUnderFire(t *testing.T) {
	t.Run("identity file", func(t *testing.T) {
		s := newStage(t, nil)
		dir := t.TempDir()
		become := func(user string) { s.output(dir, user) }
		become("alice")
		source := access.Source{Addr: s.cluster.Addr(), Identity: dir, WebCA: string(s.cluster.WebCA())}
		cfg := s.config()
		cfg.Who = s.clusters.Watched(source, "notes")
		cfg.Open = func(string) (*access.Cluster, error) { return s.clusters.Open(source) }
		s.fire(cfg, 100, become)
	})
	t.Run("login", func(t *testing.T) {
		s := newStage(t, nil)
		ends := time.Hour
		become := func(user string) {
			ends += time.Second // a login is told from another one by its end
			s.login(user, ends)
		}
		become("alice")
		s.fire(s.config(), 20, become)
	})
}

func (s *stage) fire(cfg Config, rounds int, become func(user string)) {
	s.Helper()
	w := s.way(cfg)
	ctx := s.Context()
	withLink := func(do func(l *link)) func(int) {
		return func(int) {
			if l := w.inHand(); l != nil {
				do(l)
			}
		}
	}
	var writer sync.Mutex
	acts := []func(i int){
		func(int) { _, _ = w.links.get(ctx) },
		func(int) {
			short, cancel := context.WithTimeout(ctx, time.Microsecond)
			defer cancel()
			_, _ = w.links.get(short)
		},
		func(int) { _ = w.links.renew(ctx) },
		withLink(func(l *link) { w.move(passed, func(*state) { l.passed = true }) }),
		withLink(func(l *link) { w.links.reject(ctx, l, forgotten) }),
		withLink(func(l *link) { w.links.reject(ctx, l, refused) }),
		withLink(func(l *link) { w.links.reject(ctx, l, denied) }),
		withLink(func(l *link) { w.links.reject(ctx, l, outdone) }),
		withLink(w.links.forget),
		func(int) { _ = w.look.why(ctx, time.Now()) },
		func(int) { w.logins.tell(&access.NotLoggedInError{Proxy: somewhere}) },
		func(int) { w.logins.tell(nil) },
		func(i int) {
			writer.Lock()
			defer writer.Unlock()
			become([]string{"alice", "bob"}[i%2])
		},
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range rounds {
				i := rand.IntN(1000)
				acts[i%len(acts)](i)
			}
		})
	}
	all.Wait()
	become("bob")
	l, err := w.links.get(ctx)
	if err != nil {
		s.Fatal(err)
	}
	if id := (&teleport.Identity{Cert: l.cert.Leaf}); id.Username() != "bob" {
		s.Errorf("the link is that of %s", id.Username())
	}
}
