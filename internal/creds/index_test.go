// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestOtherJSON puts JSON of another type, and what only looks right, in place of each
// file of the state directory: it is damage that is named, a new login mends it
// unless the index is damaged, and nothing of the old one is left after a removal.
func TestOtherJSON(t *testing.T) {
	files := map[string]func(*Store) string{
		"profile": func(s *Store) string { return s.profiles().path(proxyAddr) },
		"index":   func(s *Store) string { return s.vault().path(proxyAddr) },
		"login": func(s *Store) string {
			p := profileOf("alice", File)
			return fileBackend{s.dir()}.path(loginAccount(&p))
		},
	}
	for name, path := range files {
		for _, text := range []string{
			"null", "[]", "[null]", "0", "1e999", "true", `"x"`, "{}", "", "{", `{"entries":null}`, `{"entries":{}}`, `{"entries":[0]}`,
			`{"proxy":{}}`, `{"proxy":1,"username":[]}`, `{"version":null}`, `{"version":"1"}`, "\xff", strings.Repeat("[", 20000),
		} {
			t.Run(fmt.Sprintf("%s %.20q", name, text), func(t *testing.T) {
				s, k := newStore(t)
				p := profileOf("alice", File)
				saveLogin(t, s, p, "login")
				saveApp(t, s, p, "grafana", "grafana")
				if err := os.WriteFile(path(s), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				_, err := s.Profile(proxyAddr)
				if err == nil {
					_, err = s.Apps(&p)
				}
				if err == nil {
					_, err = s.Login(t.Context(), &p)
				}
				var damage *DamageError
				if !errors.As(err, &damage) && !errors.Is(err, ErrNotFound) {
					t.Errorf("it is read as %v", err)
				}
				err = s.SaveLogin(t.Context(), p, pairOf("next"))
				if name == "index" { // it may have named what is in a keyring
					if !errors.As(err, &damage) || len(damage.Hints()) == 0 {
						t.Errorf("a new login: %v", err)
					}
					if err := s.DeleteLogin(t.Context(), proxyAddr); !errors.As(err, &damage) {
						t.Errorf("removal: %v", err)
					}
				} else {
					if err != nil {
						t.Errorf("a new login: %v", err)
					}
					wantLogin(t, s, p, "next")
					if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil {
						t.Errorf("removal: %v", err)
					}
				}
				if left := secrets(t, s, k); len(left) > 0 {
					t.Errorf("left %q", left)
				}
			})
		}
	}
}
