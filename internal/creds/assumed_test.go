// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"testing"
	"time"
)

// TestAssumedFor is which certificate counts for an app, and until when.
func TestAssumedFor(t *testing.T) {
	now := time.Now()
	p := &Profile{Assumed: []Assumed{
		{Cert: "over", Apps: []App{{Name: "a"}, {Name: "b"}}, Expires: now},
		{Cert: "roles", Expires: now.Add(time.Hour)},
		{Cert: "a", Apps: []App{{Name: "a"}}, Expires: now.Add(time.Minute)},
		{Cert: "leaf", Apps: []App{{Leaf: "l", Name: "a"}}, Expires: now.Add(time.Minute)},
	}}
	for _, tt := range []struct {
		app  App
		at   time.Duration
		want string
	}{
		{App{}, 0, "roles"},
		{App{Name: "a"}, 0, "a"},
		{App{Name: "b"}, 0, "roles"},
		{App{Leaf: "l", Name: "a"}, 0, "leaf"},
		{App{Leaf: "m", Name: "a"}, 0, "roles"},
		{App{Name: "a"}, time.Minute, "roles"},
		{App{Name: "a"}, time.Hour, ""},
		{App{Name: "b"}, -time.Second, "over"},
	} {
		got := ""
		if a := p.AssumedFor(tt.app, now.Add(tt.at)); a != nil {
			got = a.Cert
		}
		if got != tt.want {
			t.Errorf("%v after %v: %q, want %q", tt.app, tt.at, got, tt.want)
		}
	}
}

// TestAssume keeps what is assumed with the login, and deletes the certificates of
// the apps for which something else counts then, and of no others.
func TestAssume(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", File)
	saveLogin(t, s, p, "login")
	a, b := App{Name: "a"}, App{Name: "b"}
	save := func(p *Profile) {
		t.Helper()
		for _, app := range []App{a, b} {
			if err := s.SaveApp(t.Context(), p, app, pairOf(app.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	set := func(all ...Assumed) {
		t.Helper()
		if err := Assume(t.Context(), s, &p, func([]Assumed) []Assumed { return all }); err != nil {
			t.Fatal(err)
		}
	}
	stored := func(want ...App) *Profile {
		t.Helper()
		got, err := s.Profile(p.Proxy)
		if err != nil {
			t.Fatal(err)
		}
		apps, err := s.Apps(got)
		if err != nil || len(apps) != len(want) {
			t.Fatalf("%v, %v, want %v", apps, err, want)
		}
		for i := range want {
			if apps[i] != want[i] {
				t.Errorf("%v, want %v", apps, want)
			}
		}
		return got
	}
	forA := Assumed{Requests: []string{"1"}, Cert: "for a", Apps: []App{a}, Expires: time.Now().Add(time.Hour)}
	roles := Assumed{Requests: []string{"2"}, Cert: "roles", Expires: time.Now().Add(time.Hour)}
	save(&p)
	set(forA)
	now := stored(b)
	// What was issued to the login before comes too late, for that app alone.
	if err := s.SaveApp(t.Context(), &p, a, pairOf("a")); !errors.Is(err, ErrSuperseded) {
		t.Errorf("saved as before: %v", err)
	}
	save(now)
	set(forA, roles)
	now = stored(a)
	save(now)
	set(roles)
	stored(b)
	set()
	if now = stored(); len(now.Assumed) > 0 {
		t.Errorf("assumed: %v", now.Assumed)
	}
	wantLogin(t, s, p, "login")

	next := p
	next.Expires = next.Expires.Add(time.Hour)
	saveLogin(t, s, next, "next")
	if err := Assume(t.Context(), s, &p, func([]Assumed) []Assumed { return []Assumed{roles} }); !errors.Is(err, ErrSuperseded) {
		t.Errorf("with another login: %v", err)
	}
}
