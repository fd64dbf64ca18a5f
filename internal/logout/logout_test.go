// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package logout

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// told notes what the person is told.
type told []string

func (n *told) NotLoggedIn(_ string, known []string) { *n = append(append(*n, "nobody"), known...) }
func (n *told) LoggedOut(cluster string)             { *n = append(*n, "out of "+cluster) }
func (n *told) Default(p *creds.Profile)             { *n = append(*n, "now "+p.Cluster) }
func (n *told) TSHLeft(proxy string)                 { *n = append(*n, "tsh at "+proxy) }
func (n *told) NotEnded(s *access.Sessions, _ error) { *n = append(*n, "sessions of "+s.Cluster) }

// desk is a machine without a network, with logins to these proxies, the last of
// which is current.
func desk(t *testing.T, proxies ...string) (*Logout, *told) {
	t.Helper()
	store := &creds.Store{Dir: t.TempDir()}
	for _, proxy := range proxies {
		err := store.SaveLogin(t.Context(), creds.Profile{
			Proxy: proxy, Cluster: "c-" + proxy[:1], Username: "ann", Store: creds.File, Expires: time.Now().Add(time.Hour),
		}, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(remembered(store.Dir, proxy)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(remembered(store.Dir, proxy), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	teller := &told{}
	return &Logout{
		Store: store, StateDir: store.Dir, Now: time.Now, Teller: teller,
		Clusters: &access.Clusters{
			Store: store, Now: time.Now,
			Dial:        func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nothing answers") },
			UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil },
		},
	}, teller
}

// remembered is a file of what an app at the proxy has said.
func remembered(state, proxy string) string {
	return filepath.Join(state, "servers", access.FileName(proxy), "notes.json")
}

func (n *told) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(*n, want) {
		t.Errorf("told %q, want %q", []string(*n), want)
	}
	*n = nil
}

// TestFrom: the login that is meant goes, with what was remembered, and no other.
func TestFrom(t *testing.T) {
	l, said := desk(t, "a:443", "b:443")
	if err := l.From(t.Context(), "a:443"); err != nil {
		t.Fatal(err)
	}
	said.want(t, "out of c-a (a:443)")
	if _, err := os.Stat(remembered(l.StateDir, "a:443")); err == nil {
		t.Error("what its apps said is still there")
	}
	if _, err := os.Stat(remembered(l.StateDir, "b:443")); err != nil {
		t.Error(err)
	}
	if err := l.From(t.Context(), "a:443"); err != nil {
		t.Fatal(err)
	}
	said.want(t, "nobody", "b:443")
	if err := l.From(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	said.want(t, "out of c-b (b:443)")
	if p, err := l.Store.Profile(""); !errors.Is(err, creds.ErrNotFound) {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestDefault: the default goes to another login, which is named.
func TestDefault(t *testing.T) {
	l, said := desk(t, "a:443", "b:443", "c:443")
	for _, step := range []struct {
		proxy string
		told  []string
	}{
		{"a:443", []string{"out of c-a (a:443)"}},
		{"", []string{"out of c-c (c:443)", "now c-b"}},
		{"b:443", []string{"out of c-b (b:443)"}},
	} {
		if err := l.From(t.Context(), step.proxy); err != nil {
			t.Fatal(err)
		}
		said.want(t, step.told...)
	}
}

// TestAll: one login that cannot be deleted keeps no other.
func TestAll(t *testing.T) {
	l, said := desk(t, "a:443", "b:443", "c:443")
	index := filepath.Join(l.Store.Dir, "index", "b_443.json")
	if err := os.WriteFile(index, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := l.All(t.Context()); err == nil || !strings.Contains(err.Error(), index) {
		t.Errorf("%v", err)
	}
	said.want(t, "out of c-a (a:443)", "out of c-c (c:443)")
	if err := os.Remove(index); err != nil {
		t.Fatal(err)
	}
	if err := l.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.All(t.Context()); err != nil {
		t.Fatal(err)
	}
	if (*said)[len(*said)-1] != "nobody" {
		t.Errorf("told %q", []string(*said))
	}
}

// TestBusy: a store that somebody else writes to is waited for once, and not once
// more for each login.
func TestBusy(t *testing.T) {
	l, said := desk(t, "a:443", "b:443")
	other := flock.New(filepath.Join(l.Store.Dir, "write.lock"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := l.All(ctx); !errors.Is(err, creds.ErrBusy) || strings.Contains(err.Error(), "; ") {
		t.Errorf("%v", err)
	}
	said.want(t)
}

// TestDamagedState: whatever has become of the lists of what is kept, nothing
// secret that can be found is left, and what cannot be read is told with what to
// do.
func TestDamagedState(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"index half":       func(dir string) error { return os.Truncate(filepath.Join(dir, "index", "b_443.json"), 20) },
		"index empty":      func(dir string) error { return os.Truncate(filepath.Join(dir, "index", "b_443.json"), 0) },
		"index gone":       func(dir string) error { return os.Remove(filepath.Join(dir, "index", "b_443.json")) },
		"profile half":     func(dir string) error { return os.Truncate(filepath.Join(dir, "profiles", "b_443.json"), 20) },
		"indexes no dir":   func(dir string) error { return replaceDir(filepath.Join(dir, "index")) },
		"profiles no dir":  func(dir string) error { return replaceDir(filepath.Join(dir, "profiles")) },
		"memory is no dir": func(dir string) error { return replaceDir(filepath.Join(dir, "servers")) },
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := desk(t, "a:443", "b:443", "c:443")
			for _, proxy := range []string{"a:443", "b:443"} {
				p, err := l.Store.Profile(proxy)
				if err != nil {
					t.Fatal(err)
				}
				if err := l.Store.SaveApp(t.Context(), p, creds.App{Name: "Notes"}, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
					t.Fatal(err)
				}
			}
			if err := damage(l.Store.Dir); err != nil {
				t.Fatal(err)
			}
			err := l.All(t.Context())
			var told interface{ Hints() []string }
			if err != nil && (!errors.As(err, &told) || len(told.Hints()) == 0) {
				t.Errorf("%v, without what to do", err)
			}
			left, err := filepath.Glob(filepath.Join(l.Store.Dir, "store", "*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left: %q, %v", left, err)
			}
		})
	}
}

// replaceDir puts a file in the place of a folder.
func replaceDir(path string) error {
	return errors.Join(os.RemoveAll(path), os.WriteFile(path, nil, 0o600))
}

// TestLogoutByName: the name of the cluster does, where it is that of one login; and who
// names another is told which there are, since he is logged in still.
func TestLogoutByName(t *testing.T) {
	l, told := desk(t, "a.test:443", "b.test:443", "b.test:3080")
	for _, test := range []struct {
		named string
		want  []string
	}{
		{"c-x:443", []string{"nobody", "a.test:443", "b.test:3080", "b.test:443"}},
		{"c-b:443", []string{"nobody", "a.test:443", "b.test:3080", "b.test:443"}}, // of two
		{"c-a:443", []string{"out of c-a (a.test:443)"}},
		{"c-b", []string{"nobody", "b.test:3080", "b.test:443"}},
		{"b.test:443", []string{"out of c-b (b.test:443)"}},
		{"c-b", []string{"out of c-b (b.test:3080)"}},
	} {
		if err := l.From(t.Context(), test.named); err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(*told, func(line string) bool { return strings.HasPrefix(line, "now ") })
		*told = got
		told.want(t, test.want...)
	}
}
