// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// guard makes the apps want a second factor for each session, or no longer do.
func (s *stage) guard(on bool) {
	s.cluster.SetRole(testcluster.Role{
		Name: "user", AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"*"}, RequireSessionMFA: on,
	})
}

// confirms gives the way a browser in which user confirms at once; "" declines.
func (s *stage) confirms(cfg *Config, user string) (tabs *atomic.Int64) {
	tabs = s.signsIn(cfg, "alice")
	cfg.Gate.Confirm = func(ctx context.Context, c *access.Cluster, app string, opened func()) (*access.AppCert, error) {
		begin := func(ctx context.Context, callbackURL string) (*teleport.SessionChallenge, error) {
			return access.Challenge(ctx, c, callbackURL)
		}
		factor, err := (&login.Confirm{Proxy: c.Proxy, App: app, Begin: begin, Open: func(link string) error {
			opened()
			tabs.Add(1)
			go s.cluster.SignIn(ctx, link, user)
			return nil
		}}).Run(ctx)
		if err != nil {
			return nil, err
		}
		cert, err := access.Issue(ctx, c, access.Order{Name: app, Any: true, Factor: factor})
		if err == nil {
			access.StoreApp(ctx, c, cert)
		}
		return cert, err
	}
	return tabs
}

// guarded is a stage with such apps on which user has logged in for an hour, and the
// way's configuration with a browser in which confirms does.
func guarded(t *testing.T, user, confirms string) (s *stage, cfg Config, tabs *atomic.Int64) {
	t.Helper()
	s = newStage(t, nil)
	s.guard(true)
	s.login(user, time.Hour)
	cfg = s.config()
	tabs = s.confirms(&cfg, confirms) // before cfg is returned, which it changes
	return s, cfg, tabs
}

func (s *stage) wantTabs(tabs *atomic.Int64, n int64) {
	s.Helper()
	if got := tabs.Load(); got != n {
		s.Errorf("%d tabs, want %d", got, n)
	}
}

// TestOneProofForAll: requests that the client waits for share a second factor, which
// is good for as long as its certificate is, in later processes too. What nobody
// waits for begins none.
func TestOneProofForAll(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "alice")
	var waits atomic.Bool
	cfg.Waits = func(context.Context) bool { return waits.Load() }
	told := tells(&cfg)
	w := s.way(cfg)
	for range 3 {
		_, err := call(t.Context(), w, 1)
		if access.NeedsFactor(err) == nil {
			t.Fatalf("without anybody waiting: %v", err)
		}
		var failed *bridge.Error
		if errors.As(err, &failed) { // it passes, as a login does
			t.Errorf("the refusal is for good: %v", failed)
		}
	}
	s.wantTabs(tabs, 0)
	if n := len(s.cluster.Sessions()); n != 0 {
		t.Errorf("%d certificates were issued of which none is of use", n)
	}
	waits.Store(true)
	s.together(w, 20)
	s.wantTabs(tabs, 1)
	if lines := told(); len(lines) != 1 || !strings.Contains(lines[0], "notes needs a second factor") ||
		!strings.Contains(lines[0], "run: tshmcp login --proxy="+s.cluster.Addr()+" --app=notes") {
		t.Errorf("the log has %q", lines)
	}
	s.mustCall(s.way(cfg)) // another process
	s.wantTabs(tabs, 1)
	if n := len(s.cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions", n)
	}
}

// TestProofsOfProcesses: eight bridges open one tab.
func TestProofsOfProcesses(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "alice")
	var ways sync.WaitGroup
	for range 8 {
		other, confirm := cfg, cfg.Gate.Confirm
		other.Gate = &signin.Gate{Clusters: newClusters(s.store), Dir: s.store.Dir, Now: time.Now, Closed: func() string { return "" }, Confirm: confirm}
		w := s.way(other)
		ways.Go(func() {
			if _, err := call(t.Context(), w, 1); err != nil {
				t.Error(err)
			}
		})
	}
	ways.Wait()
	s.wantTabs(tabs, 1)
}

// TestProofDeclined: whoever declines is not asked again for a while, for no app and
// in no process, nor for a login.
func TestProofDeclined(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "")
	w := s.way(cfg)
	_, err := call(t.Context(), w, 1)
	var unconfirmed *signin.UnconfirmedError
	if !errors.As(err, &unconfirmed) || !strings.Contains(err.Error(), "the use of notes was not confirmed: MFA was canceled") {
		t.Fatalf("%v", err)
	}
	other := cfg
	other.App, other.Path = "site", "/mcp"
	for _, w := range []*Way{w, s.way(cfg), s.way(other)} {
		if _, err := call(t.Context(), w, 1); !errors.As(err, &unconfirmed) || !strings.Contains(err.Error(), "no browser is opened for 15 minutes after that") {
			t.Errorf("again: %v", err)
		}
	}
	s.wantTabs(tabs, 1)
	signin.Resume(s.store.Dir, s.cluster.Addr())
	if _, err := call(t.Context(), w, 1); err == nil {
		t.Error("declined, and passed")
	}
	s.wantTabs(tabs, 2)
}

// TestProofComesLater: a certificate without a second factor that an app begins to
// want is replaced, and the request that was refused is sent again, at every kind of
// app.
func TestProofComesLater(t *testing.T) {
	for _, app := range []struct{ name, path string }{{"notes", ""}, {"site", "/mcp"}} {
		t.Run(app.name, func(t *testing.T) {
			s := newStage(t, nil)
			s.login("alice", time.Hour)
			cfg := s.config()
			cfg.App, cfg.Path = app.name, app.path
			tabs := s.confirms(&cfg, "alice")
			w := s.way(cfg)
			if _, err := w.links.get(t.Context()); err != nil { // without it
				t.Fatal(err)
			}
			s.guard(true)
			s.mustCall(w)
			s.wantTabs(tabs, 1)
			s.guard(false)
			s.mustCall(w)
			s.wantTabs(tabs, 1)
		})
	}
	t.Run("cmd", func(t *testing.T) {
		s := newStage(t, nil)
		s.login("alice", time.Hour)
		cfg := s.config()
		cfg.App = "cmd"
		tabs := s.confirms(&cfg, "alice")
		w := s.way(cfg)
		if _, err := w.links.get(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.guard(true)
		if _, err := s.helloTo(w); !errors.Is(err, bridge.ErrAgain) {
			t.Errorf("the first connection: %v", err)
		}
		if line, err := s.helloTo(w); err != nil || !strings.Contains(line, "rawdemo") {
			t.Errorf("%q, %v", line, err)
		}
		s.wantTabs(tabs, 1)
	})
}

// TestProofIsNotRenewedAhead: what takes a person is not done before a request waits
// for it, and a certificate that is over costs one tab.
func TestProofIsNotRenewedAhead(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "alice")
	s.cluster.SetCertTTL(40 * time.Second)
	var late atomic.Int64
	s.clusters.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	w := s.way(cfg)
	s.mustCall(w)
	if err := w.links.renew(t.Context()); err != nil {
		t.Error(err)
	}
	s.wantTabs(tabs, 1)
	s.mustCall(w)
	s.wantTabs(tabs, 1)
	s.cluster.SetCertTTL(0)
	late.Store(int64(39 * time.Second))
	s.mustCall(w)
	s.wantTabs(tabs, 2)
}

// TestProofAfterLogin: where both are missing, the one comes after the other.
func TestProofAfterLogin(t *testing.T) {
	s := newStage(t, nil)
	s.guard(true)
	s.login("alice", -time.Minute)
	cfg := s.config()
	tabs := s.confirms(&cfg, "alice")
	s.mustCall(s.way(cfg))
	s.wantTabs(tabs, 2)
}

// TestProofOfNoUse: an app that is offline refuses every certificate. That costs one
// tab, not one for each request.
func TestProofOfNoUse(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "alice")
	var late atomic.Int64
	cfg.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	w := s.way(cfg)
	if _, err := w.logins.await(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	s.cluster.SetAppOnline("notes", false)
	for range 4 {
		if _, err := call(t.Context(), w, 1); err == nil {
			t.Error("an app that is offline answers")
		}
		late.Add(int64(3 * time.Minute))
	}
	s.wantTabs(tabs, 1)
	s.cluster.SetAppOnline("notes", true)
	s.mustCall(w)
	s.wantTabs(tabs, 1)
}

// TestForgottenProof: an app session that the cluster forgets takes its certificate
// with it.
func TestForgottenProof(t *testing.T) {
	s, cfg, tabs := guarded(t, "alice", "alice")
	w := s.way(cfg)
	s.mustCall(w)
	s.cluster.KillAllSessions()
	s.mustCall(w)
	s.wantTabs(tabs, 2)
}

// TestProofImpossible: nobody is sent to the browser in vain.
func TestProofImpossible(t *testing.T) {
	t.Run("no passkey", func(t *testing.T) {
		s, cfg, tabs := guarded(t, "bob", "bob")
		var none *login.NoFactorError
		if _, err := call(t.Context(), s.way(cfg), 1); !errors.As(err, &none) {
			t.Errorf("%v", err)
		}
		s.wantTabs(tabs, 0)
	})
	t.Run("no browser", func(t *testing.T) {
		s, cfg, tabs := guarded(t, "alice", "alice")
		cfg.Gate.Closed = func() string { return "no browser is here" }
		if _, err := call(t.Context(), s.way(cfg), 1); access.NeedsFactor(err) == nil || !strings.Contains(err.Error(), "no browser is here") {
			t.Errorf("%v", err)
		}
		cfg.Gate = nil
		if _, err := call(t.Context(), s.way(cfg), 1); access.NeedsFactor(err) == nil {
			t.Errorf("--login=never: %v", err)
		}
		s.wantTabs(tabs, 0)
	})
}
