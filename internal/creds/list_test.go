// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
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
		if err := s.DeleteApp(t.Context(), &p, App{Name: "Grafana"}); err != nil {
			t.Fatal(err)
		}
		if apps, _ := s.Apps(&p); slices.Contains(apps, App{Name: "Grafana"}) || len(apps) != len(want)-1 {
			t.Errorf("%s: after one was deleted %q", backend, apps)
		}
	}
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
	if err := os.Remove(s.profilePath("lost:443")); err != nil {
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
