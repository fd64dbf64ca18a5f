// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// signsIn gives the way a browser in which user signs in at once.
func (s *stage) signsIn(cfg *Config, user string) (tabs *atomic.Int64) {
	return s.signsInFor(cfg, user, 2*time.Hour)
}

// signsInFor is signsIn with logins of that life.
func (s *stage) signsInFor(cfg *Config, user string, life time.Duration) (tabs *atomic.Int64) {
	tabs = new(atomic.Int64)
	cfg.Gate = &signin.Gate{
		Clusters: s.clusters, Dir: s.store.Dir, Now: time.Now, Closed: func() string { return "" },
		Login: func(_ context.Context, _ string, opened func()) error {
			opened()
			tabs.Add(1)
			s.login(user, life)
			return nil
		},
	}
	return tabs
}

// tells keeps what the way tells the log.
func tells(cfg *Config) (told func() []string) {
	var mu sync.Mutex
	var lines []string
	cfg.Tell = func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(lines)
	}
}

// TestOneSignInForAll: requests that the client waits for share a sign-in, and
// what nobody waits for begins none.
func TestOneSignInForAll(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", -time.Minute)
	cfg := s.config()
	tabs := s.signsIn(&cfg, "alice")
	var waits atomic.Bool
	cfg.Waits = func(context.Context) bool { return waits.Load() }
	told := tells(&cfg)
	w := s.way(cfg)
	var missing *access.NotLoggedInError
	for range 3 {
		if _, err := call(t.Context(), w, 1); !errors.As(err, &missing) {
			t.Fatalf("without anybody waiting: %v", err)
		}
	}
	if n := tabs.Load(); n != 0 {
		t.Fatalf("%d tabs for nobody", n)
	}
	waits.Store(true)
	s.together(w, 20)
	if n := tabs.Load(); n != 1 {
		t.Errorf("%d tabs", n)
	}
	if lines := told(); len(lines) != 1 || !strings.Contains(lines[0], "run: tshmcp login --proxy="+s.cluster.Addr()) {
		t.Errorf("the log has %q", lines)
	}
}

// TestShortLogins: requests are answered with a login that is short for as long as
// it lasts; then it has expired, which is no matter of clocks, and one that is very
// short costs one tab.
func TestShortLogins(t *testing.T) {
	for _, life := range []time.Duration{time.Second, 3 * time.Second, 59 * time.Second, time.Minute} {
		t.Run(life.String(), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, nil)
			s.login("alice", -time.Minute)
			cfg := s.config()
			tabs := s.signsInFor(&cfg, "alice", life)
			w := s.way(cfg)
			begun := time.Now()
			for time.Since(begun) < min(life+time.Second, 5*time.Second) {
				time.Sleep(20 * time.Millisecond) // as a person's client
				_, err := call(t.Context(), w, 1)
				if err == nil {
					continue
				}
				var missing *access.NotLoggedInError
				if text := err.Error(); !errors.As(err, &missing) || strings.Contains(text, "clock") || strings.Contains(text, "not completed") {
					t.Errorf("after %v: %v", time.Since(begun), err)
				}
				if life > time.Second && time.Since(begun) < life/3 { // certificates end at a full second
					t.Errorf("after %v: %v", time.Since(begun), err)
				}
			}
			if n := tabs.Load(); n != 1 {
				t.Errorf("%d tabs", n)
			}
		})
	}
}

// TestOverruledLogin is what a login counts that the cluster takes for expired,
// and that one made just now and taken for the same opens no tab.
func TestOverruledLogin(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	cfg := s.config()
	tabs := s.signsIn(&cfg, "alice")
	w := s.way(cfg)
	profile, err := s.store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	missing := &access.NotLoggedInError{Proxy: profile.Proxy, Expired: profile.Expires, Overruled: true}
	var closed *signin.ClosedError
	if err := w.logins.signIn(t.Context(), missing); !errors.As(err, &closed) || tabs.Load() != 0 {
		t.Errorf("a login made just now: %v, %d tabs", err, tabs.Load())
	}
	signin.Resume(s.store.Dir, profile.Proxy)
	old := *profile
	old.Issued = time.Now().Add(-time.Hour)
	pair, err := s.store.Login(t.Context(), profile)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.SaveLogin(t.Context(), old, *pair); err != nil {
		t.Fatal(err)
	}
	if err := w.logins.signIn(t.Context(), missing); err != nil || tabs.Load() != 1 {
		t.Errorf("one made long ago: %v, %d tabs", err, tabs.Load())
	}
	if !cfg.Gate.LoggedIn(profile.Proxy, w.logins.overruledLogin()) {
		t.Error("the newer login does not count")
	}
}

// TestOvernight: a bridge that is left alone with a login that is over opens no tab,
// however often its streams are cut and opened again. With a client that asks every
// few minutes, and a person who never signs in, there is a quarter of an hour between two.
func TestOvernight(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	later := time.Now().Add(2 * time.Hour)
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Until(later) // of the bubble's clock
		now := func() time.Time { return time.Now().Add(ahead) }
		cfg := s.config()
		cfg.Now = now
		cfg.Open = func(string) (*access.Cluster, error) {
			return nil, &access.NotLoggedInError{Proxy: s.cluster.Addr(), Expired: now().Add(-time.Hour)}
		}
		s.signsIn(&cfg, "alice")
		cfg.Gate.Clusters, cfg.Gate.Now = newClusters(s.store), now
		cfg.Gate.Clusters.Now = now
		cfg.Gate.Clusters.Dial = func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("the clock of the cluster is another than the bubble's")
		}
		var tabs []time.Time
		cfg.Gate.Login = func(ctx context.Context, _ string, opened func()) error {
			opened()
			tabs = append(tabs, time.Now())
			<-ctx.Done()
			return ctx.Err()
		}
		waits := false
		cfg.Waits = func(context.Context) bool { return waits }
		w := New(t.Context(), cfg)
		defer w.Close()
		w.Start(func(error) {})
		var missing *access.NotLoggedInError
		for range 12 {
			if _, err := call(t.Context(), w, 1); !errors.As(err, &missing) {
				t.Fatalf("%v", err)
			}
			time.Sleep(time.Hour)
		}
		if len(tabs) > 0 {
			t.Fatalf("%d tabs for nobody, the first at %v", len(tabs), tabs[0])
		}
		waits = true
		for range 30 {
			_, _ = call(t.Context(), w, 1)
			time.Sleep(4 * time.Minute)
		}
		if len(tabs) < 3 {
			t.Errorf("%d tabs for somebody in two hours", len(tabs))
		}
		for i := range tabs {
			if i > 0 && tabs[i].Sub(tabs[i-1]) < 15*time.Minute {
				t.Errorf("tabs at %v and %v", tabs[i-1], tabs[i])
			}
		}
	})
}
