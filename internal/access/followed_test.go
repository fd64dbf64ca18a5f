// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a bridge is woken when its user may be another one, wherever that is kept.

package access

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

func loginAt(proxy, user string) creds.Profile {
	return creds.Profile{Proxy: proxy, Cluster: "c", Username: user, Store: creds.File, Expires: time.Now().Add(time.Hour)}
}

func saved(t *testing.T, store *creds.Store, p creds.Profile) {
	t.Helper()
	if err := store.SaveLogin(t.Context(), p, creds.KeyPair{Key: []byte("k"), Cert: []byte("c")}); err != nil {
		t.Fatal(err)
	}
}

// TestFollow: a look follows each change of who is logged in, of whichever kind.
func TestFollow(t *testing.T) {
	written := func(t *testing.T, path string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		at     Source
		change func(t *testing.T, store *creds.Store, dir string)
	}{
		"a login of tshmcp": {Source{Addr: "a.test:443"}, func(t *testing.T, store *creds.Store, _ string) {
			saved(t, store, loginAt("a.test:443", "carol"))
		}},
		"its logout": {Source{Addr: "a.test:443"}, func(t *testing.T, store *creds.Store, _ string) {
			if err := store.DeleteLogin(t.Context(), "a.test:443"); err != nil {
				t.Fatal(err)
			}
		}},
		"another one is the last": {Source{}, func(t *testing.T, store *creds.Store, _ string) {
			saved(t, store, loginAt("b.test:443", "carol"))
		}},
		"a login of tsh": {Source{Addr: "tsh.test:443"}, func(t *testing.T, _ *creds.Store, dir string) {
			written(t, filepath.Join(dir, "tsh", "keys", "tsh.test", "alice.crt"))
		}},
		"the identity file": {Source{Addr: "a.test:443", Identity: "identity"}, func(t *testing.T, _ *creds.Store, dir string) {
			written(t, filepath.Join(dir, "identity"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			store := &creds.Store{Dir: filepath.Join(dir, "state")}
			saved(t, store, loginAt("a.test:443", "alice"))
			c.at.TSH = identfile.TSH{Dir: filepath.Join(dir, "tsh")}
			if c.at.Identity != "" {
				c.at.Identity = filepath.Join(dir, c.at.Identity)
			}
			looks, done := make(chan struct{}, 100), make(chan struct{})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				defer close(done)
				clusters := &Clusters{Store: store, Now: time.Now}
				clusters.Follow(ctx, c.at, func() string { return "" }, func() { looks <- struct{}{} })
			}()
			defer func() { cancel(); <-done }()
			<-looks
			c.change(t, store, dir)
			select {
			case <-looks:
			case <-time.After(20 * time.Second):
				t.Error("nobody looks")
			}
		})
	}
}

// TestUntilOver: the end of what is assumed is waited for, as no file tells it.
func TestUntilOver(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		ends []time.Duration
		skew time.Duration
		want time.Duration
	}{
		"nothing":          {nil, 0, slowLook},
		"in an hour":       {[]time.Duration{time.Hour}, 0, slowLook},
		"over":             {[]time.Duration{-time.Second}, 0, slowLook},
		"soon, the first":  {[]time.Duration{2 * time.Minute, time.Minute, -time.Minute}, 0, time.Minute},
		"their clock goes": {[]time.Duration{10 * time.Minute}, 8 * time.Minute, 2 * time.Minute},
	} {
		store := &creds.Store{Dir: t.TempDir()}
		p := loginAt("a.test:443", "alice")
		p.ClockSkew = c.skew
		for _, d := range c.ends {
			p.Assumed = append(p.Assumed, creds.Assumed{Expires: now.Add(d)})
		}
		saved(t, store, p)
		clusters := &Clusters{Store: store, Now: func() time.Time { return now }}
		if got := clusters.untilOver(Source{Addr: p.Proxy}); got.Round(time.Second) != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestOpenedIsItsOwn: what is found out about one opened cluster is not what the next
// one is opened with.
func TestOpenedIsItsOwn(t *testing.T) {
	store := &creds.Store{Dir: t.TempDir()}
	saved(t, store, loginAt("a.test:443", "alice"))
	clusters := &Clusters{Store: store, Now: time.Now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return 0, nil }}
	first, err := clusters.Open(Source{Addr: "a.test:443"})
	if err != nil {
		t.Fatal(err)
	}
	first.Profile.ClockSkew = time.Hour
	second, err := clusters.Open(Source{Addr: "a.test:443"})
	if err != nil || second.Profile.ClockSkew != 0 {
		t.Errorf("%v, %v", second.Profile.ClockSkew, err)
	}
}
