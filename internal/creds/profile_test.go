// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func proxies(t *testing.T, s *Store) string {
	t.Helper()
	profiles, err := s.Profiles()
	if err != nil {
		t.Error(err)
	}
	var names []string
	for _, p := range profiles {
		names = append(names, p.Proxy)
	}
	return strings.Join(names, " ")
}

// TestCurrent logs in to three proxies and out again.
func TestCurrent(t *testing.T) {
	s, _ := newStore(t)
	wantCurrent := func(want string) {
		t.Helper()
		p, err := s.Profile("")
		if want == "" && errors.Is(err, ErrNotFound) {
			return
		}
		if err != nil || p.Proxy != want {
			t.Errorf("current is %+v, %v; want %q", p, err, want)
		}
	}
	wantCurrent("")
	for _, proxy := range []string{"c:443", "a:443", "b:443"} {
		p := profileOf("alice", File)
		p.Proxy = proxy
		saveLogin(t, s, p, proxy)
		wantCurrent(proxy)
	}
	if got := proxies(t, s); got != "a:443 b:443 c:443" {
		t.Errorf("profiles %q", got)
	}
	for _, step := range []struct{ logout, current string }{{"", "a:443"}, {"c:443", "a:443"}, {"a:443", ""}} {
		if err := s.DeleteLogin(t.Context(), step.logout); err != nil {
			t.Error(err)
		}
		wantCurrent(step.current)
	}
	if got := proxies(t, s); got != "" {
		t.Errorf("profiles %q", got)
	}
	if _, err := os.Stat(filepath.Join(s.Dir, currentFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("file of the current profile: %v", err)
	}
}

// A file of the current profile that is far longer than an address is not taken for one.
func TestCurrentTooLong(t *testing.T) {
	s, _ := newStore(t)
	saveLogin(t, s, profileOf("alice", File), "x")
	if err := os.WriteFile(filepath.Join(s.Dir, currentFile), bytes.Repeat([]byte("x"), maxCurrent+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Profile(""); err == nil || !strings.Contains(err.Error(), "1024 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestProfileFiles(t *testing.T) {
	const good = `{"proxy": "p:443", "username": "u", "store": "file", "new_field": {"x": [1]}}`
	for _, tc := range []struct {
		name, content, err string
	}{
		{"unknown fields", good, ""},
		{"empty", "", "unexpected end"},
		{"cut off", good[:20], "unexpected end"},
		{"not JSON", "proxy: p:443", "invalid character"},
		{"no proxy", `{"username": "u", "store": "file"}`, "names no proxy"},
		{"other proxy", `{"proxy": "q:443", "username": "u", "store": "file"}`, "q:443"},
		{"no user", `{"proxy": "p:443", "store": "file"}`, "names no user"},
		{"no store", `{"proxy": "p:443", "username": "u"}`, "store"},
		{"unknown store", `{"proxy": "p:443", "username": "u", "store": "cloud"}`, "cloud"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, _ := newStore(t)
			p := profileOf("alice", File)
			saveLogin(t, s, p, "login")
			path := filepath.Join(s.Dir, profileDir, "p_443.json")
			if err := os.WriteFile(path, []byte(tc.content), fileMode); err != nil {
				t.Fatal(err)
			}
			got, err := s.Profile("p:443")
			if tc.err == "" {
				if err != nil || got.Username != "u" || got.Store != File {
					t.Errorf("%+v, %v", got, err)
				}
				return
			}
			if err == nil || got != nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%v; want one about %s that says %q", err, path, tc.err)
			}
			if tc.name == "other proxy" {
				return // which is no matter for a list
			}
			all, err := s.Profiles()
			if len(all) != 1 || all[0].Proxy != proxyAddr || err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("all: %+v, %v", all, err)
			}
		})
	}
}

// TestOtherFiles are not profiles: the temporary file of a writer, an editor's
// copy.
func TestOtherFiles(t *testing.T) {
	s, _ := newStore(t)
	saveLogin(t, s, profileOf("alice", File), "login")
	for _, name := range []string{".p_443.json.tmp-1", ".x.json", "p_443.json~"} {
		if err := os.WriteFile(filepath.Join(s.Dir, profileDir, name), []byte("{"), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	if got := proxies(t, s); got != proxyAddr {
		t.Errorf("profiles %q", got)
	}
}

// The CAs of a leaf belong to one login: a later one, which may be to a cluster
// that was set up anew, starts without them. Being told them is no login.
func TestAmend(t *testing.T) {
	s, _ := newStore(t)
	keep := func(p *Profile, leaf string, cas ...string) error {
		return s.Amend(t.Context(), p, func(p *Profile) {
			if p.LeafCAs == nil {
				p.LeafCAs = map[string][]string{}
			}
			p.LeafCAs[leaf] = cas
		})
	}
	first := profileOf("alice", File)
	if err := keep(&first, "east", "ca"); !errors.Is(err, ErrNotFound) {
		t.Errorf("before the login: %v", err)
	}
	saveLogin(t, s, first, "login")
	saved := profileOnDisk(t, s).Saved
	for leaf, cas := range map[string][]string{"east": {"old"}, "west": {"other"}} {
		if err := keep(&first, leaf, cas...); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep(&first, "east", "new", "old"); err != nil {
		t.Fatal(err)
	}
	pf := profileOnDisk(t, s)
	if want := map[string][]string{"east": {"new", "old"}, "west": {"other"}}; !reflect.DeepEqual(pf.LeafCAs, want) || !pf.Saved.Equal(saved) {
		t.Errorf("%v saved at %v, want %v at %v", pf.LeafCAs, pf.Saved, want, saved)
	}
	wantLogin(t, s, first, "login")

	next := first
	next.Expires = next.Expires.Add(time.Hour)
	saveLogin(t, s, next, "next")
	if err := keep(&first, "east", "late"); !errors.Is(err, ErrSuperseded) {
		t.Errorf("after the next login: %v", err)
	}
	if p := profileOnDisk(t, s); p.LeafCAs != nil {
		t.Errorf("the next login has %v", p.LeafCAs)
	}
}

func profileOnDisk(t *testing.T, s *Store) *profileFile {
	t.Helper()
	pf, err := s.profiles().read(s.profiles().path(proxyAddr))
	if err != nil {
		t.Fatal(err)
	}
	return pf
}

// TestDamagedIndex keeps everybody from writing. A logout deletes what is known
// all the same, and says that there may be more.
func TestDamagedIndex(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", File)
	saveLogin(t, s, p, "login")
	if err := os.WriteFile(s.vault().path(proxyAddr), []byte("{"), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveApp(t.Context(), &p, App{Name: "grafana"}, pairOf("grafana")); err == nil || !strings.Contains(err.Error(), s.vault().path(proxyAddr)) {
		t.Errorf("save: %v; want one that names the file", err)
	}
	wantLogin(t, s, p, "login")
	if err := s.DeleteLogin(t.Context(), ""); err == nil || !strings.Contains(err.Error(), s.vault().path(proxyAddr)) {
		t.Errorf("delete: %v; want one that names the file", err)
	}
	wantLogin(t, s, p, "")
	if _, err := os.Stat(s.vault().path(proxyAddr)); err != nil {
		t.Errorf("what it does not know is forgotten: %v", err)
	}
}
