// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestRenews is whose place a renewal takes that began with alice's login.
func TestRenews(t *testing.T) {
	end := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	login := func(change func(*Profile)) Profile {
		p := Profile{Proxy: "a.example.com:443", Cluster: "a", Username: "alice", Expires: end, Store: File}
		change(&p)
		return p
	}
	same := func(*Profile) {}
	for name, test := range map[string]struct {
		meanwhile func(*Profile) // the login that is stored by then; nil: there is none
		want      error
	}{
		"nothing happened":     {meanwhile: same},
		"alice, ends earlier":  {meanwhile: func(p *Profile) { p.Expires = end.Add(time.Minute) }},
		"alice, ends later":    {func(p *Profile) { p.Expires = end.Add(2 * time.Hour) }, ErrSuperseded},
		"alice, the same end":  {func(p *Profile) { p.Expires = end.Add(time.Hour) }, ErrSuperseded},
		"bob":                  {func(p *Profile) { p.Username = "bob" }, ErrSuperseded},
		"bob, ends earlier":    {func(p *Profile) { p.Username, p.Expires = "bob", end.Add(-time.Hour) }, ErrSuperseded},
		"another cluster":      {func(p *Profile) { p.Cluster = "b" }, ErrSuperseded},
		"not verified":         {func(p *Profile) { p.Insecure = true }, ErrSuperseded},
		"somebody logged out":  {nil, ErrNotFound},
		"into the other store": {meanwhile: func(p *Profile) { p.Store = Keyring }},
	} {
		t.Run(name, func(t *testing.T) {
			s := &Store{Dir: t.TempDir(), keyring: newMemoryKeyring(t)}
			pair := KeyPair{Key: []byte("key"), Cert: []byte("cert")}
			before := login(same)
			if test.meanwhile != nil {
				if err := s.SaveLogin(t.Context(), login(test.meanwhile), pair); err != nil {
					t.Fatal(err)
				}
			}
			files := snapshot(t, s.Dir)
			renewed := login(func(p *Profile) { p.Expires = end.Add(time.Hour) })
			if err := s.SaveLogin(t.Context(), renewed, pair, Renews(&before)); !errors.Is(err, test.want) {
				t.Fatalf("it says %v, want %v", err, test.want)
			}
			if test.want != nil {
				if !maps.Equal(files, snapshot(t, s.Dir)) {
					t.Error("what is stored has changed")
				}
				return
			}
			if p, err := s.Profile(""); err != nil || !p.Expires.Equal(renewed.Expires) || p.Store != File {
				t.Errorf("stored is %+v, %v", p, err)
			}
		})
	}
}

// snapshot is what the files of a state directory hold, but for locks.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, part := range []string{profileDir, storeDir, indexDir} {
		paths, err := filepath.Glob(filepath.Join(dir, part, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files[path] = string(text)
		}
	}
	return files
}
