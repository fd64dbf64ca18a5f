// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// typist is a person at a terminal who gives one answer to all questions, the
// password to a secret one.
type typist struct {
	answer string
	asked  []string
}

// ended is the answer of somebody who presses Ctrl-D.
const ended = "^D"

func (p *typist) Ask(_ context.Context, prompt string) (string, error) {
	p.asked = append(p.asked, prompt)
	if p.answer == ended {
		return "", io.EOF
	}
	return p.answer, nil
}

func (p *typist) AskSecret(context.Context, string) (string, error) { return "secret", nil }

// TestSameUser logs in where alice of the cluster is logged in, and looks at what
// is stored and what is asked: nothing but her own login replaces hers
// without somebody saying so.
func TestSameUser(t *testing.T) {
	const changes = "this would replace alice's login"
	for name, test := range map[string]struct {
		signs  string // who signs in in the browser
		user   string // --user
		answer string // of the person at the terminal; "none" is no terminal
		before func(*creds.Profile)
		bridge bool

		err   string // empty: it is stored
		asked int
	}{
		"the same":                     {signs: "alice", answer: "none"},
		"the same, named":              {signs: "alice", user: "alice", answer: "none"},
		"the same, by a bridge":        {signs: "alice", answer: "none", bridge: true},
		"another, nobody there":        {signs: "bob", answer: "none", err: changes},
		"another, no answer":           {signs: "bob", answer: "", asked: 1, err: changes},
		"another, no":                  {signs: "bob", answer: "no", asked: 1, err: changes},
		"another, yes":                 {signs: "bob", answer: " Yes ", asked: 1},
		"another, named":               {signs: "bob", user: "bob", answer: "none"},
		"named, another signs in":      {signs: "alice", user: "bob", answer: "yes", err: "signed in alice, but this login is for bob"},
		"another, by a bridge":         {signs: "bob", answer: "yes", bridge: true, err: "bob signed in in the browser, but this bridge runs as alice"},
		"another cluster":              {signs: "alice", answer: "none", before: elsewhere, err: "answers as the cluster"},
		"another cluster, named":       {signs: "alice", user: "alice", answer: "none", before: elsewhere, err: "answers as the cluster"},
		"another cluster, yes":         {signs: "alice", answer: "y", before: elsewhere, asked: 1},
		"another cluster, by a bridge": {signs: "alice", answer: "y", before: elsewhere, bridge: true, err: "answers as the cluster"},
		"unverified, by a bridge":      {signs: "alice", answer: "y", before: func(p *creds.Profile) { p.Insecure = true }, bridge: true, err: "no login"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := users("")
			cfg.Users = append(cfg.Users, testcluster.User{Name: "bob", Roles: []string{"dev"}})
			f, told := startFlow(t, cfg)
			first := loggedIn(t, f, test.before)
			before := stored(t, f.Store.Dir)
			person := &typist{answer: test.answer}
			f.Terminal = func() (Terminal, func() error, error) {
				if test.answer == "none" {
					return nil, nil, &terminal.NoneError{}
				}
				return person, func() error { return nil }, nil
			}
			f.Force, f.User, f.Unattended, told.user, told.told = true, test.user, test.bridge, test.signs, nil
			done, err := f.Run(t.Context())
			told.browser.Wait()
			if len(person.asked) != test.asked {
				t.Errorf("asked %q, want %d questions", person.asked, test.asked)
			}
			if test.err == "" {
				if err != nil || done.Profile.Username != test.signs {
					t.Fatalf("it ends as %+v, %v", done, err)
				}
				replaced := strings.Contains(strings.Join(told.told, "|"), "replaces")
				if want := first.Username != test.signs || first.Cluster != done.Profile.Cluster; replaced != want {
					t.Errorf("told %q, want it to be told: %v", told.told, want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want %s", err, test.err)
			}
			if after := stored(t, f.Store.Dir); !maps.Equal(before, after) {
				t.Error("what is stored has changed")
			}
		})
	}
}

// TestRenewalIsOvertaken: while the browser of a bridge is open, somebody logs in by
// hand for longer. That login stays.
func TestRenewalIsOvertaken(t *testing.T) {
	f, told := startFlow(t, users(""))
	first := loggedIn(t, f, nil)
	byHand := *first
	byHand.Expires = first.Expires.Add(100 * time.Hour)
	f.Unattended = true
	f.Teller = meanwhile{told, func() {
		if err := f.Store.SaveLogin(t.Context(), byHand, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
			t.Error(err)
		}
	}}
	if _, err := f.Run(t.Context()); !errors.Is(err, creds.ErrSuperseded) {
		t.Errorf("it ends with %v", err)
	}
	told.browser.Wait()
	if p, err := f.Store.Profile(f.Addr.String()); err != nil || !p.Expires.Equal(byHand.Expires) {
		t.Errorf("stored is %+v, %v", p, err)
	}
}

// meanwhile does something before anybody signs in.
type meanwhile struct {
	*teller
	do func()
}

func (m meanwhile) Link(purpose, link string, err error) {
	m.do()
	m.teller.Link(purpose, link, err)
}

func elsewhere(p *creds.Profile) { p.Cluster = "elsewhere" }

// loggedIn logs alice in and lets change be what was noted of it.
func loggedIn(t *testing.T, f *Flow, change func(*creds.Profile)) *creds.Profile {
	t.Helper()
	done, err := f.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		if err := f.Store.Amend(t.Context(), done.Profile, change); err != nil {
			t.Fatal(err)
		}
	}
	p, err := f.Store.Profile(f.Addr.String())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// stored is what a login consists of, byte for byte.
func stored(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, part := range []string{"profiles", "store", "index", "current"} {
		err := filepath.WalkDir(filepath.Join(dir, part), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			files[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestSameUserByPassword asks before the password is given to anybody.
func TestSameUserByPassword(t *testing.T) {
	cfg := users("secret")
	cfg.LocalAuth = testcluster.LocalAuth{Default: true, SecondFactor: "off"}
	f, _ := startFlow(t, cfg)
	p := creds.Profile{Proxy: f.Addr.String(), Username: "tina", Store: creds.File}
	if err := f.Store.SaveLogin(t.Context(), p, creds.KeyPair{}); err != nil {
		t.Fatal(err)
	}
	person := &typist{answer: "alice"} // to the first question the name, to the second no yes
	f.Terminal = func() (Terminal, func() error, error) { return person, func() error { return nil }, nil }
	var other *OtherUserError
	if _, err := f.Run(t.Context()); !errors.As(err, &other) || other.Before != "tina" || other.User != "alice" || len(person.asked) != 2 {
		t.Errorf("%v, asked %q", err, person.asked)
	}
}

// TestRenewalKeeps has an entry of a client that names a store and a CA of its own:
// the sign-in of its bridge keeps what the login says.
func TestRenewalKeeps(t *testing.T) {
	f, told := startFlow(t, users(""))
	first := loggedIn(t, f, func(p *creds.Profile) { p.WebCA = "of the login" })
	var verifiedWith string
	plainly := f.NewProxy
	f.NewProxy = func(addr, webCA string) (*teleport.Proxy, error) {
		verifiedWith = webCA
		return plainly(addr, webCA)
	}
	f.Unattended, f.Backend, f.WebCA = true, creds.Keyring, "of the entry"
	done, err := f.Run(t.Context())
	told.browser.Wait()
	if err != nil || verifiedWith != "of the login" || done.Profile.WebCA != first.WebCA || done.Profile.Store != creds.File {
		t.Errorf("verified with %q, kept %+v, %v", verifiedWith, done, err)
	}
}
