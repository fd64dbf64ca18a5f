// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// oddNames are names that an account or a file cannot hold as they are.
var oddNames = []string{
	"grafana-mcp", "Grafana", "two words", "50% off", "a^b", "a@b", "naïve", "%41", "^", "%", "%4", "a_b", "", ".hidden",
	"con", "con.example.com:443", "com1:443", "[::1]:3080", "127.0.0.1:443", "proxy.example.com:443", "PROXY:443",
}

func TestUnescape(t *testing.T) {
	for _, name := range oddNames {
		for _, safe := range []string{accountSafe, fileSafe} {
			if got := unescape(escape(name, safe)); got != name {
				t.Errorf("%q became %q, then %q", name, escape(name, safe), got)
			}
		}
		if got := proxyOf(fileName(name)); got != name {
			t.Errorf("%q became the file %q, then %q", name, fileName(name), got)
		}
	}
}

func TestApps(t *testing.T) {
	for _, backend := range []Backend{Keyring, File} {
		s, k := newStore(t)
		p := profileOf("alice", backend)
		if apps, err := s.Apps(&p); err != nil || len(apps) != 0 {
			t.Errorf("%s: before the login %q, %v", backend, apps, err)
		}
		saveLogin(t, s, p, "login")
		var want []App
		for _, name := range oddNames {
			if name != "" {
				saveApp(t, s, p, name, name)
				want = append(want, App{Name: name})
			}
		}
		for _, leaf := range []string{"East", "a@b"} {
			if err := s.SaveApp(t.Context(), &p, App{leaf, "grafana"}, pairOf(leaf)); err != nil {
				t.Fatal(err)
			}
			want = append(want, App{leaf, "grafana"})
		}
		slices.SortFunc(want, func(a, b App) int { return strings.Compare(a.Leaf+"\n"+a.Name, b.Leaf+"\n"+b.Name) })
		k.before = func(op, account string) error {
			t.Errorf("%s: the keyring is asked to %s %q", backend, op, account)
			return nil
		}
		apps, err := s.Apps(&p)
		k.before = nil
		if err != nil || !slices.Equal(apps, want) {
			t.Errorf("%s: apps %q, %v; want %q", backend, apps, err, want)
		}
		for _, app := range apps {
			got, err := s.App(t.Context(), &p, app)
			wantPair(t, fmt.Sprint(app), cmp.Or(app.Leaf, app.Name), got, err)
		}
		for what, other := range map[string]Profile{
			"another user": profileOf("lice", backend), "another store": profileOf("alice", map[Backend]Backend{Keyring: File, File: Keyring}[backend]),
		} {
			if apps, err := s.Apps(&other); err != nil || len(apps) != 0 {
				t.Errorf("%s: %s has %q, %v", backend, what, apps, err)
			}
		}
		if err := s.deleteApp(t.Context(), &p, App{Name: "Grafana"}); err != nil {
			t.Fatal(err)
		}
		if apps, _ := s.Apps(&p); slices.Contains(apps, App{Name: "Grafana"}) || len(apps) != len(want)-1 {
			t.Errorf("%s: after one was deleted %q", backend, apps)
		}
	}
}

// TestAppsUntil keeps the expiry of an app's certificate for as long as the
// certificate.
func TestAppsUntil(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", File)
	saveLogin(t, s, p, "login")
	until := time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)
	save := func(app string, cert []byte) {
		t.Helper()
		if err := s.SaveApp(t.Context(), &p, App{Name: app}, KeyPair{Key: []byte("key"), Cert: cert}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want map[App]time.Time) {
		t.Helper()
		if got, err := s.AppsUntil(&p); err != nil || !maps.Equal(got, want) {
			t.Errorf("%v, %v; want %v", got, err, want)
		}
	}
	save("grafana", certUntil(t, until.Add(-time.Hour)))
	save("grafana", certUntil(t, until))
	save("loki", []byte("no certificate"))
	check(map[App]time.Time{{Name: "grafana"}: until, {Name: "loki"}: {}})
	if err := s.deleteApp(t.Context(), &p, App{Name: "grafana"}); err != nil {
		t.Fatal(err)
	}
	save("grafana", []byte("no certificate"))
	check(map[App]time.Time{{Name: "grafana"}: {}, {Name: "loki"}: {}})
	save("grafana", certUntil(t, until))
	saveLogin(t, s, p, "next login")
	check(map[App]time.Time{})
	save("grafana", []byte("no certificate"))
	check(map[App]time.Time{{Name: "grafana"}: {}})
}

func certUntil(t *testing.T, until time.Time) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// TestProxies finds what is stored for a proxy also where the profile does not
// tell.
func TestProxies(t *testing.T) {
	s, _ := newStore(t)
	if all, err := s.Proxies(); err != nil || len(all) != 0 {
		t.Errorf("at first %q, %v", all, err)
	}
	for _, proxy := range []string{"b.example.com:443", "[::1]:3080", "con.example.com:443", "damaged:443", "lost:443"} {
		p := profileOf("alice", File)
		p.Proxy = proxy
		saveLogin(t, s, p, proxy)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(s.Dir, profileDir, name), []byte(text), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	put("damaged_443.json", "{")
	put(".x_443.json.tmp-1", "{")
	put("Not ours.json", "{")
	put("notes.txt", "")
	if err := os.Remove(s.profiles().path("lost:443")); err != nil {
		t.Fatal(err)
	}
	all, err := s.Proxies()
	if got := strings.Join(all, " "); err != nil || got != "[::1]:3080 b.example.com:443 con.example.com:443 damaged:443 lost:443" {
		t.Errorf("proxies %s, %v", got, err)
	}
	for _, proxy := range all {
		if err := s.DeleteLogin(t.Context(), proxy); err != nil {
			t.Errorf("%s: %v", proxy, err)
		}
	}
	if all, err := s.Proxies(); err != nil || len(all) != 0 {
		t.Errorf("in the end %q, %v", all, err)
	}
	if files, err := os.ReadDir(filepath.Join(s.Dir, "store")); err != nil || len(files) != 0 {
		t.Errorf("secrets left: %v, %v", files, err)
	}
}
