// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// TestRenewal renews a certificate that ends before the login,
// ahead of time and into the store, and never beyond the login.
func TestRenewal(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	s.cluster.SetCertTTL(20 * time.Minute)
	first, err := w.links.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	life := first.cert.Leaf.NotAfter.Sub(first.cert.Leaf.NotBefore)
	if want := first.cert.Leaf.NotAfter.Add(-life / 10); !about(time.Now().Add(w.links.untilRenewal()), want) {
		t.Errorf("it is renewed in %v, want at %v", w.links.untilRenewal(), want)
	}
	s.cluster.SetCertTTL(0)
	for range 2 { // the second time there is nothing longer to have
		if err := w.links.renew(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	profile, err := s.store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.links.inHand().cert.Leaf.NotAfter; !about(got, profile.Expires) || got.After(profile.Expires) {
		t.Errorf("the certificate ends at %v, the login at %v", got, profile.Expires)
	}
	if until, err := s.store.AppsUntil(profile); err != nil || !about(until[creds.App{Name: "notes"}], profile.Expires) {
		t.Errorf("the store has %v, %v", until, err)
	}
	if n := len(s.cluster.Sessions()); n != 2 {
		t.Errorf("%d certificates were issued, want 2", n)
	}
}

// TestEndOfALogin: in the last moment of a login not every request costs a
// certificate, none of which could last longer than the one before.
func TestEndOfALogin(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", 5*time.Second)
	w := s.way(s.config())
	for range 20 {
		s.mustCall(w)
	}
	if n := len(s.cluster.Sessions()); n != 1 {
		t.Errorf("20 requests cost %d certificates, want 1", n)
	}
}

// TestHeldStore: another process holds the store. A request is answered at once,
// and what was got for it is stored as soon as the store is free.
func TestHeldStore(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	s.clusters.Keeper = access.NewKeeper(slog.New(slog.DiscardHandler))
	defer s.clusters.Keeper.Close()
	lock := flock.New(filepath.Join(s.store.Dir, "write.lock"))
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	w := s.way(s.config())
	start := time.Now()
	s.mustCall(w)
	if took := time.Since(start); took > 5*time.Second { // the store waits for 30
		t.Errorf("it took %v", took)
	}
	profile, err := s.store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	stored := func() bool {
		_, err := s.store.App(t.Context(), profile, creds.App{Name: "notes"})
		return err == nil
	}
	if stored() {
		t.Error("it was stored without the lock")
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); !stored(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it was never stored")
		}
	}
	s.mustCall(s.way(s.config()))
	if n := len(s.cluster.Sessions()); n != 1 {
		t.Errorf("%d certificates were issued, want 1", n)
	}
}

func about(a, b time.Time) bool { return a.Sub(b).Abs() < 10*time.Second }

// TestQuietBridge: what is assumed is noticed although nobody asks for anything, when
// whoever follows the files says so; and nobody does while a bridge starts.
func TestQuietBridge(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	synctest.Test(t, func(t *testing.T) {
		told := make(chan struct{}, 1)
		cfg := s.config()
		cfg.Open = func(string) (*access.Cluster, error) { return nil, &access.NotLoggedInError{} }
		cfg.Changed = func() { told <- struct{}{} }
		began, changed := time.Now(), make(chan struct{})
		var followed time.Duration
		cfg.Follow = func(ctx context.Context, _ func() string, look func()) {
			followed = time.Since(began)
			for {
				select {
				case <-ctx.Done():
					return
				case <-changed:
					look()
				}
			}
		}
		w := New(t.Context(), cfg)
		defer w.Close()
		w.Start(func(error) {})
		changed <- struct{}{}
		if followed != followTime {
			t.Errorf("followed after %v", followed)
		}
		profile, err := s.store.Profile("")
		if err != nil {
			t.Fatal(err)
		}
		err = creds.Assume(t.Context(), s.store, profile, func([]creds.Assumed) []creds.Assumed {
			return []creds.Assumed{{Requests: []string{"r"}, Cert: "c", Expires: time.Now().Add(time.Hour)}}
		})
		if err != nil {
			t.Fatal(err)
		}
		changed <- struct{}{}
		<-told
	})
}
