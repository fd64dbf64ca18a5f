// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"os"
	"testing"
	"time"
)

// TestLiveProfile sees at once whatever changes: another user, a longer login, a
// change in place, a logout, a file that is damaged, and a login after that. Nothing
// is read twice in between.
func TestLiveProfile(t *testing.T) {
	s := &Store{Dir: t.TempDir()}
	var live LiveProfile
	if _, err := live.Get(s, proxyAddr); !errors.Is(err, ErrNotFound) {
		t.Fatalf("without any: %v", err)
	}
	p := profileOf("alice", File)
	path := s.profiles().path(proxyAddr)
	want := func(what string, user string) {
		t.Helper()
		first, err := live.Get(s, proxyAddr)
		if user == "" {
			if err == nil {
				t.Errorf("%s: it is still %s", what, first.Username)
			}
			return
		}
		if err != nil || first.Username != user {
			t.Fatalf("%s: %v, %v", what, first, err)
		}
		if again, err := live.Get(s, proxyAddr); err != nil || again != first {
			t.Errorf("%s: it was read again: %v", what, err)
		}
	}
	saveLogin(t, s, p, "login")
	want("a login", "alice")
	if same, err := live.Get(s, ""); err != nil || same.Username != "alice" {
		t.Errorf("the current one: %v, %v", same, err)
	}
	saveLogin(t, s, profileOf("carol", File), "login") // as long a name
	want("another user", "carol")
	if err := s.Amend(t.Context(), &p, func(*Profile) {}); !errors.Is(err, ErrSuperseded) {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	want("damaged", "")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	want("mended", "carol")
	if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil {
		t.Fatal(err)
	}
	want("logged out", "")
	saveLogin(t, s, p, "login")
	want("logged in again", "alice")
}

// BenchmarkLiveProfile is what each request of a bridge costs before it is sent.
func BenchmarkLiveProfile(b *testing.B) {
	s := &Store{Dir: b.TempDir()}
	if err := s.SaveLogin(b.Context(), profileOf("alice", File), pairOf("login")); err != nil {
		b.Fatal(err)
	}
	var live LiveProfile
	looked := func(proxy string) (*Profile, error) { return live.Get(s, proxy) }
	for name, get := range map[string]func(string) (*Profile, error){"read": s.Profile, "looked at": looked} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := get(proxyAddr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
