// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a store keeps, from one login to the next.

package creds

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const proxyAddr = "proxy.example.com:443"

var expires = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func profileOf(user string, store Backend) Profile {
	return Profile{Proxy: proxyAddr, Cluster: "demo-cluster", Username: user, Roles: []string{"access"},
		Expires: expires, Store: store, HostCAs: []string{"-----BEGIN CERTIFICATE-----\n"}}
}

func pairOf(name string) KeyPair {
	return KeyPair{Key: []byte("key of " + name), Cert: []byte("certificate of " + name), Meta: map[string]string{"name": name}}
}

// newStore returns a store with a memory keyring. Its clock goes on by a second
// at every look.
func newStore(t testing.TB) (*Store, *memoryKeyring) {
	k := newMemoryKeyring(t)
	now := expires
	return &Store{Dir: filepath.Join(t.TempDir(), "tshmcp"), keyring: k, now: func() time.Time {
		now = now.Add(time.Second)
		return now
	}}, k
}

// secrets lists what is stored in both backends.
func secrets(t testing.TB, s *Store, k *memoryKeyring) []string {
	t.Helper()
	names := k.accounts()
	files, err := os.ReadDir(filepath.Join(s.Dir, "store"))
	if ignoreNotExist(err) != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, "file "+f.Name())
	}
	return names
}

func wantPair(t testing.TB, what string, want string, got *KeyPair, err error) {
	t.Helper()
	if want == "" {
		if !errors.Is(err, ErrNotFound) || got != nil {
			t.Errorf("%s: %+v, %v; want ErrNotFound", what, got, err)
		}
		return
	}
	if pair := pairOf(want); err != nil || !reflect.DeepEqual(*got, pair) {
		t.Errorf("%s: %+v, %v; want %+v", what, got, err, pair)
	}
}

func wantLogin(t testing.TB, s *Store, p Profile, want string) {
	t.Helper()
	got, err := s.Login(t.Context(), &p)
	wantPair(t, "login of "+p.Username+" in "+string(p.Store), want, got, err)
}

func wantApp(t testing.TB, s *Store, p Profile, app, want string) {
	t.Helper()
	got, err := s.App(t.Context(), &p, App{Name: app})
	wantPair(t, "app "+app+" of "+p.Username+" in "+string(p.Store), want, got, err)
}

func saveLogin(t testing.TB, s *Store, p Profile, name string) {
	t.Helper()
	if err := s.SaveLogin(t.Context(), p, pairOf(name)); err != nil {
		t.Fatal(err)
	}
}

func saveApp(t testing.TB, s *Store, p Profile, app, name string) {
	t.Helper()
	if err := s.SaveApp(t.Context(), &p, App{Name: app}, pairOf(name)); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, backend := range []Backend{Keyring, File, ""} {
		t.Run(string(backend), func(t *testing.T) {
			s, k := newStore(t)
			p := profileOf("alice", backend)
			wantLogin(t, s, p, "")
			wantApp(t, s, p, "grafana", "")
			saveLogin(t, s, p, "login")
			wantLogin(t, s, p, "login")
			saveApp(t, s, p, "grafana", "grafana 1")
			saveApp(t, s, p, "grafana", "grafana 2")
			saveApp(t, s, p, "loki", "loki")
			wantApp(t, s, p, "grafana", "grafana 2")
			wantApp(t, s, p, "loki", "loki")
			if onFile := len(k.entries) == 0; onFile != (backend == File) {
				t.Errorf("in the keyring: %q", k.accounts())
			}

			stored, err := s.Profile("")
			want := p
			want.Store = backend.orDefault()
			if err != nil || !reflect.DeepEqual(*stored, want) {
				t.Errorf("profile %+v, %v; want %+v", stored, err, want)
			}
			for range 2 {
				if err := s.deleteApp(t.Context(), &p, App{Name: "grafana"}); err != nil {
					t.Error(err)
				}
				wantApp(t, s, p, "grafana", "")
			}
			wantApp(t, s, p, "loki", "loki")
			wantApp(t, s, p, "LOKI", "")

			if err := s.DeleteLogin(t.Context(), ""); err != nil {
				t.Error(err)
			}
			wantLogin(t, s, p, "")
			wantApp(t, s, p, "loki", "")
			if left := secrets(t, s, k); len(left) > 0 {
				t.Errorf("logout left %q", left)
			}
			for _, proxy := range []string{"", proxyAddr} {
				if _, err := s.Profile(proxy); !errors.Is(err, ErrNotFound) {
					t.Errorf("profile %q after logout: %v", proxy, err)
				}
				if err := s.DeleteLogin(t.Context(), proxy); !errors.Is(err, ErrNotFound) {
					t.Errorf("second logout %q: %v; want ErrNotFound", proxy, err)
				}
			}
		})
	}
}

// TestNextLogin has every kind of login follow every other: nothing of the
// earlier one may be left.
func TestNextLogin(t *testing.T) {
	for _, first := range []Profile{profileOf("alice", Keyring), profileOf("alice", File)} {
		for _, next := range []Profile{profileOf("alice", Keyring), profileOf("alice", File), profileOf("Alice", Keyring), profileOf("bob", File)} {
			s, k := newStore(t)
			saveLogin(t, s, first, "first")
			saveApp(t, s, first, "grafana", "grafana")
			next.Expires = expires.Add(time.Hour)
			saveLogin(t, s, next, "next")

			wantLogin(t, s, next, "next")
			wantApp(t, s, first, "grafana", "")
			wantApp(t, s, next, "grafana", "")
			if first.Username != next.Username || first.Store != next.Store {
				wantLogin(t, s, first, "")
			}
			if err := s.SaveApp(t.Context(), &first, App{Name: "grafana"}, pairOf("late")); !errors.Is(err, ErrSuperseded) {
				t.Errorf("an app of the first login was saved: %v", err)
			}
			if got := secrets(t, s, k); len(got) > 2 {
				t.Errorf("%s in %s, then %s in %s: left %q", first.Username, first.Store, next.Username, next.Store, got)
			}
			if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil || len(secrets(t, s, k)) > 0 {
				t.Errorf("logout: %v, left %q", err, secrets(t, s, k))
			}
			if err := s.SaveApp(t.Context(), &next, App{Name: "grafana"}, pairOf("late")); !errors.Is(err, ErrNotFound) {
				t.Errorf("an app was saved after the logout: %v", err)
			}
		}
	}
}

// TestTornLogin cuts a second login off after each change of the keyring. What
// is read then is one of the two logins and no app of the first one.
func TestTornLogin(t *testing.T) {
	for changes := 0; ; changes++ {
		s, k := newStore(t)
		p := profileOf("alice", Keyring)
		saveLogin(t, s, p, "first")
		saveApp(t, s, p, "grafana", "grafana")
		k.before = cutAfter(changes)
		err := s.SaveLogin(t.Context(), p, pairOf("next"))
		cut := k.before("get", "") != nil
		k.before = nil
		if err == nil {
			wantLogin(t, s, p, "next")
			wantApp(t, s, p, "grafana", "")
		} else {
			got, err := s.Login(t.Context(), &p)
			if err != nil || (got.Meta["name"] != "first" && got.Meta["name"] != "next") {
				t.Errorf("after %d changes: %+v, %v", changes, got, err)
			}
		}
		if err := s.DeleteLogin(t.Context(), ""); err != nil || len(k.entries) > 0 {
			t.Errorf("after %d changes: logout: %v, left %q", changes, err, k.accounts())
		}
		if !cut {
			break
		}
	}
}

// TestTornFirstLogin leaves secrets without a profile; they are found.
func TestTornFirstLogin(t *testing.T) {
	s, k := newStore(t)
	if err := os.MkdirAll(filepath.Join(s.Dir, profileDir, fileName(proxyAddr)+".json", "x"), dirMode); err != nil {
		t.Fatal(err)
	}
	p := profileOf("alice", Keyring)
	if err := s.SaveLogin(t.Context(), p, pairOf("login")); err == nil {
		t.Fatal("a profile was written over a directory")
	}
	if err := os.RemoveAll(filepath.Join(s.Dir, profileDir)); err != nil || len(k.entries) == 0 {
		t.Fatal("nothing to be found", err)
	}
	if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil || len(k.entries) > 0 {
		t.Errorf("logout: %v, left %q", err, k.accounts())
	}
}

func TestLogoutOfParts(t *testing.T) {
	p := profileOf("alice", Keyring)
	for name, damage := range map[string]func(s *Store, k *memoryKeyring) error{
		"keyring emptied": func(_ *Store, k *memoryKeyring) error { clear(k.entries); return nil },
		"login gone":      func(_ *Store, k *memoryKeyring) error { return k.delete(loginAccount(&p)) },
		"part gone":       func(_ *Store, k *memoryKeyring) error { return k.delete(partName(loginAccount(&p), 1, 1)) },
		"profile gone":    func(s *Store, _ *memoryKeyring) error { return os.Remove(s.profiles().path(proxyAddr)) },
		"profile damaged": func(s *Store, _ *memoryKeyring) error {
			return os.WriteFile(s.profiles().path(proxyAddr), nil, fileMode)
		},
		"current gone": func(s *Store, _ *memoryKeyring) error { return os.Remove(filepath.Join(s.Dir, currentFile)) },
	} {
		s, k := newStore(t)
		saveLogin(t, s, p, "login")
		saveApp(t, s, p, "grafana", "grafana")
		if err := damage(s, k); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if left := secrets(t, s, k); len(left) > 0 {
			t.Errorf("%s: left %q", name, left)
		}
		if _, err := s.Profile(proxyAddr); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: profile: %v", name, err)
		}
	}
}

// TestIndexGone still finds the login of the profile.
func TestIndexGone(t *testing.T) {
	s, k := newStore(t)
	saveLogin(t, s, profileOf("alice", Keyring), "login")
	if err := os.RemoveAll(filepath.Join(s.Dir, "index")); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteLogin(t.Context(), ""); err != nil || len(k.entries) > 0 {
		t.Errorf("%v, left %q", err, k.accounts())
	}
}

func TestUnusableKeyring(t *testing.T) {
	ctx := t.Context()
	refuse := func(string, string) error { return errors.New("locked") }
	var ke *KeyringError

	t.Run("login to files after a try", func(t *testing.T) {
		s, k := newStore(t)
		k.before = refuse
		if err := s.SaveLogin(ctx, profileOf("alice", Keyring), pairOf("login")); !errors.As(err, &ke) {
			t.Fatalf("%v; want a keyring error", err)
		}
		if _, err := s.Profile(proxyAddr); !errors.Is(err, ErrNotFound) {
			t.Errorf("profile: %v; want ErrNotFound", err)
		}
		p := profileOf("alice", File)
		saveLogin(t, s, p, "login")
		wantLogin(t, s, p, "login")
		if err := s.DeleteLogin(ctx, ""); err != nil {
			t.Errorf("logout asks a keyring that has nothing: %v", err)
		}
	})
	t.Run("move to files", func(t *testing.T) {
		s, k := newStore(t)
		saveLogin(t, s, profileOf("alice", Keyring), "login")
		saveApp(t, s, profileOf("alice", Keyring), "grafana", "grafana")
		k.before = refuse
		p := profileOf("alice", File)
		saveLogin(t, s, p, "next")
		wantLogin(t, s, p, "next")
		if err := s.DeleteLogin(ctx, ""); !errors.As(err, &ke) {
			t.Errorf("logout: %v; want a keyring error for what is left there", err)
		}
		if _, err := s.Profile(proxyAddr); !errors.Is(err, ErrNotFound) {
			t.Errorf("profile: %v; want ErrNotFound", err)
		}
		k.before = nil
		if err := s.DeleteLogin(ctx, proxyAddr); err != nil || len(secrets(t, s, k)) > 0 {
			t.Errorf("second logout: %v, left %q", err, secrets(t, s, k))
		}
	})
	t.Run("logout", func(t *testing.T) {
		s, k := newStore(t)
		p := profileOf("alice", Keyring)
		saveLogin(t, s, p, "login")
		k.before = refuse
		if err := s.DeleteLogin(ctx, ""); !errors.As(err, &ke) {
			t.Errorf("%v; want a keyring error", err)
		}
		k.before = nil
		wantLogin(t, s, p, "login")
		if err := s.DeleteLogin(ctx, ""); err != nil {
			t.Error(err)
		}
	})
}

// TestCheck finds out about each backend without leaving a secret in it.
func TestCheck(t *testing.T) {
	s, k := newStore(t)
	for _, b := range []Backend{Keyring, File, ""} {
		if err := s.Check(t.Context(), b); err != nil {
			t.Errorf("%q: %v", b, err)
		}
	}
	k.before = func(string, string) error { return errors.New("locked") }
	var ke *KeyringError
	if err := s.Check(t.Context(), Keyring); !errors.As(err, &ke) {
		t.Errorf("locked: %v; want a keyring error", err)
	}
	if err := s.Check(t.Context(), "cloud"); err == nil {
		t.Error("an unknown store is fine")
	}
	if got := secrets(t, s, k); len(got) > 0 {
		t.Errorf("left %q", got)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, backend := range []Backend{Keyring, File} {
		s, k := newStore(t)
		p := profileOf("alice", backend)
		if err := s.SaveLogin(ctx, p, pairOf("login")); !errors.Is(err, context.Canceled) {
			t.Errorf("save: %v", err)
		}
		if _, err := s.Login(ctx, &p); !errors.Is(err, context.Canceled) {
			t.Errorf("login: %v", err)
		}
		if left := secrets(t, s, k); len(left) > 0 {
			t.Errorf("saved %q", left)
		}
	}
}

func TestBadArguments(t *testing.T) {
	s, _ := newStore(t)
	for _, p := range []Profile{{Username: "u"}, {Proxy: "p:443"}, {Proxy: "p:443", Username: "u", Store: "cloud"}} {
		if err := s.SaveLogin(t.Context(), p, KeyPair{}); err == nil {
			t.Errorf("saved %+v", p)
		}
	}
	if _, err := s.Login(t.Context(), &Profile{Proxy: "p:443", Username: "u", Store: "cloud"}); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("unknown store: %v", err)
	}
	none := &Store{}
	p := profileOf("alice", File)
	_, profileErr := none.Profile("")
	_, profilesErr := none.Profiles()
	_, loginErr := none.Login(t.Context(), &p)
	for _, err := range []error{profileErr, profilesErr, loginErr, none.Check(t.Context(), File), none.SaveLogin(t.Context(), p, KeyPair{}), none.DeleteLogin(t.Context(), proxyAddr)} {
		if !errors.Is(err, errNoDir) {
			t.Errorf("without a directory: %v", err)
		}
	}
}

// TestErrorsAreSilent checks that no error shows what is stored.
func TestErrorsAreSilent(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", File)
	saveLogin(t, s, p, "hunter2")
	path := fileBackend{s.dir()}.path(loginAccount(&p))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range data {
		if err := os.WriteFile(path, data[:n], fileMode); err != nil {
			t.Fatal(err)
		}
		_, err := s.Login(t.Context(), &p)
		if n < len(data)-1 && !errors.Is(err, ErrNotFound) {
			t.Fatalf("%d of %d bytes: %v; want ErrNotFound", n, len(data), err)
		}
		if secret := string(data[len(data)-20 : len(data)-1]); err != nil && strings.Contains(err.Error(), secret) {
			t.Fatalf("the error shows the secret: %v", err)
		}
	}
}
