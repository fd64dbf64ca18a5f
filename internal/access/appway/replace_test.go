// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// clusterAt is a cluster with a login, whose clock is that.
func clusterAt(t *testing.T, now func() time.Time) *access.Cluster {
	t.Helper()
	store := &creds.Store{Dir: t.TempDir()}
	if err := store.SaveLogin(t.Context(), creds.Profile{Proxy: somewhere, Cluster: "c", Username: "alice", Store: creds.File, Expires: now().Add(100 * time.Hour)},
		creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
		t.Fatal(err)
	}
	clusters := newClusters(store)
	clusters.Now = now
	c, err := clusters.OpenLogin(access.Source{Addr: somewhere})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestReplacedCertificates is when a refused certificate is given up.
func TestReplacedCertificates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	serial := int64(0)
	a := &links{&machine{cfg: Config{Now: func() time.Time { return now }}, s: state{proxy: somewhere}}}
	cluster := clusterAt(t, func() time.Time { return now })
	take := func(issued time.Time, passed bool) *link {
		serial++
		leaf := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: now.Add(24 * time.Hour)}
		l := newLink(cluster, &access.AppCert{Certificate: &tls.Certificate{Leaf: leaf}}, 0, issued)
		l.passed = passed
		a.install(linked, l, nil)
		return l
	}
	want := func(what string, l *link, why grounds, given bool) {
		t.Helper()
		if got := a.giveUp(l, why); got != given {
			t.Errorf("%s: given up: %v, want %v", what, got, given)
		}
		if a.usable(l) == given {
			t.Errorf("%s: usable: %v", what, !given)
		}
	}
	want("out of the store", take(time.Time{}, false), refused, true)
	for _, pause := range append(unusedPauses, unusedPauses[len(unusedPauses)-1]) {
		fresh := take(now, false)
		for _, why := range []grounds{forgotten, refused, denied} {
			want("new", fresh, why, false)
		}
		now = now.Add(pause - time.Second)
		want("new, before the pause is over", fresh, forgotten, false)
		now = now.Add(time.Second)
		if pause < deniedPause {
			want("new, and denied", fresh, denied, false)
		}
		want("new, after the pause", fresh, forgotten, true)
	}
	want("new, and a newer login", take(now, false), outdone, true)
	old := take(now, false)
	if take(now, false); !a.giveUp(old, denied) {
		t.Error("another one is there already")
	}
	now = now.Add(time.Hour)
	for range 10 * replacements.burst {
		want("of use, and forgotten by the proxy", take(now, true), forgotten, true)
		want("a newer login", take(now, false), outdone, true)
	}
	for range replacements.burst {
		want("of use, and refused", take(now, true), refused, true)
	}
	last := take(now, true)
	for _, why := range []grounds{refused, denied} {
		want("one too many", last, why, false)
	}
	if until := now.Add(replacements.every); !last.held.Equal(until) {
		t.Errorf("held until %v, want %v", last.held, until)
	}
	now = now.Add(replacements.every)
	want("later", last, refused, true)
	want("at once again", take(now, true), refused, false)
	now = now.Add(-24 * time.Hour)
	last = take(now, true)
	want("the clock was set back", last, refused, false)
	now = now.Add(replacements.every)
	want("the clock was set back, later", last, refused, true)
	if len(a.s.refused) > refusals {
		t.Errorf("%d serial numbers are kept", len(a.s.refused))
	}
}

// TestForgetfulProxy forgets the session 60 times within seconds while calls come
// all the time: each costs one certificate, and no call fails.
func TestForgetfulProxy(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	s.mustCall(w)
	for range 60 {
		s.cluster.KillAllSessions()
		s.together(w, 10)
		if n := len(s.cluster.Sessions()); n != 1 {
			t.Fatalf("%d app sessions were begun, want one", n)
		}
	}
}

// TestForgetfulProxyAtAnyMoment forgets it while the calls are under way.
func TestForgetfulProxyAtAnyMoment(t *testing.T) {
	s := newStage(t, nil)
	s.login("alice", time.Hour)
	w := s.way(s.config())
	s.mustCall(w)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for range 20 {
			<-tick.C
			if l := w.inHand(); l != nil && w.wasOfUse(l) {
				s.cluster.KillAllSessions()
			}
		}
	}()
	for {
		s.together(w, 20)
		select {
		case <-done:
			return
		default:
		}
	}
}

func (m *machine) wasOfUse(l *link) (yes bool) {
	m.move(nothingMoves, func(*state) { yes = l.passed })
	return yes
}

// TestForgingApp: an ordinary app that says in the proxy's words, and now and
// then, that the session is unknown makes us begin so many sessions and no more;
// the error says until when.
func TestForgingApp(t *testing.T) {
	var calls atomic.Int64
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && calls.Add(1)%2 == 1 {
			answer(w, r)
			return
		}
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
	}))
	s.login("alice", time.Hour)
	cfg := s.config()
	cfg.App, cfg.Path = "site", "/"
	w := s.way(cfg)
	var last error
	for i := range 4 * replacements.burst {
		if _, err := call(t.Context(), w, i); err != nil {
			last = err
		}
	}
	if n := len(s.cluster.Sessions()); n > replacements.burst+3 {
		t.Errorf("%d certificates were issued", n)
	}
	var failed *bridge.Error
	var held *ForgottenError
	if !errors.As(last, &failed) || !errors.As(last, &held) {
		t.Fatalf("it says %v", last)
	}
	if left := time.Until(held.Until); !failed.Retryable || failed.Executed != bridge.NotExecuted || failed.RetryAfter == "" || left <= 0 || left > replacements.every {
		t.Errorf("%+v, for %v", failed, left)
	}
	if text := held.Error(); strings.Contains(text, "offline") || !strings.Contains(text, held.Until.Local().Format(time.TimeOnly)) {
		t.Errorf("it says %s", text)
	}
}
