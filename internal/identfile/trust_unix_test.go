// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: something else is where a file of an identity was.

//go:build !windows

package identfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// place is one of the files of an identity.
type place struct {
	name   string
	path   string
	secret bool // it holds a private key
	read   func() error
}

// places writes an identity of each kind below dir.
func places(t *testing.T, dir string) []place {
	t.Helper()
	key, cert, ca := cluster(t, time.Hour)
	in := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	whole := join(key, cert, ca)
	write(t, in("identity.pem"), whole)
	write(t, in("bot", tbotIdentity), whole)
	write(t, in("pair", tbotKey), key)
	write(t, in("pair", tbotCert), cert)
	write(t, in("pair", tbotCAs[0]), ca)
	home := TSH{Dir: in("tsh")}
	keys := in("tsh", "keys", "proxy.example.com")
	const user = "alice@example.com"
	write(t, in("tsh", tshCurrent), []byte("proxy.example.com\n"))
	write(t, in("tsh", "proxy.example.com.yaml"), []byte(tshProfile))
	write(t, filepath.Join(keys, user+".key"), key)
	write(t, filepath.Join(keys, user+".crt"), cert)
	write(t, filepath.Join(keys, "cas", "demo-cluster.pem"), ca)

	of := func(path string) func() error {
		return func() error { _, err := read(path); return err }
	}
	login := func() error { _, err := home.login(); return err }
	current := func() error { _, err := home.Current(); return err }
	return []place{
		{"identity file", in("identity.pem"), true, of(in("identity.pem"))},
		{"tbot's identity", in("bot", tbotIdentity), true, of(in("bot"))},
		{"tbot's key", in("pair", tbotKey), true, of(in("pair"))},
		{"tbot's certificate", in("pair", tbotCert), false, of(in("pair"))},
		{"tbot's CA", in("pair", tbotCAs[0]), false, of(in("pair"))},
		{"tsh's current profile", in("tsh", tshCurrent), false, current},
		{"tsh's profile", in("tsh", "proxy.example.com.yaml"), false, login},
		{"tsh's key", filepath.Join(keys, user+".key"), true, login},
		{"tsh's certificate", filepath.Join(keys, user+".crt"), false, login},
		{"tsh's CA", filepath.Join(keys, "cas", "demo-cluster.pem"), false, login},
	}
}

// TestNotPlain puts everything that is no file in the place of each file, and
// gives it owners and modes: what ssh and tsh take is taken, everything else is
// refused at once, by what it is.
func TestNotPlain(t *testing.T) {
	bad, mode, owner := new(*MalformedError), new(*plainfile.ModeError), new(*plainfile.OwnerError)
	instead := func(put func(path string) error) func(string) error {
		return func(path string) error { return errors.Join(os.Remove(path), put(path)) }
	}
	moved := func(t *testing.T) func(string) error {
		return func(path string) error {
			target := filepath.Join(t.TempDir(), "..data")
			return errors.Join(os.Rename(path, target), os.Symlink(target, path))
		}
	}
	chmod := func(mode os.FileMode) func(string) error {
		return func(path string) error { return os.Chmod(path, mode) }
	}
	for _, tc := range []struct {
		name     string
		change   func(path string) error
		want     any // nil: it is read
		ofSecret any // the same for a file with a key; nil: as want
	}{
		{"named pipe", instead(func(path string) error { return syscall.Mkfifo(path, 0o600) }), bad, nil},
		{"directory", instead(func(path string) error { return os.Mkdir(path, 0o700) }), bad, nil},
		{"symlink to a device", instead(func(path string) error { return os.Symlink("/dev/zero", path) }), bad, nil},
		{"file without end", func(path string) error { return os.Truncate(path, 1<<40) }, bad, nil},
		{"everybody writes", chmod(0o602), mode, mode},
		{"the group reads", chmod(0o640), nil, mode},
		{"everybody reads", chmod(0o644), nil, mode},
		{"tsh's mode with a group of one's own", chmod(0o660), nil, mode},
		{"read-only", chmod(0o400), nil, nil},
		{"symlink, as Kubernetes mounts secrets", moved(t), nil, nil},
		{"another user's", func(path string) error { return os.Chown(path, 4711, -1) }, owner, owner},
		{"another user's with the folder", func(path string) error {
			return errors.Join(os.Chown(path, 4711, -1), os.Chown(filepath.Dir(path), 4711, -1), os.Chmod(path, 0o640))
		}, nil, nil},
	} {
		if os.Geteuid() != 0 && strings.HasPrefix(tc.name, "another user's") {
			t.Logf("%s: not tried, this user cannot give files away", tc.name)
			continue
		}
		for n := range places(t, t.TempDir()) {
			p := places(t, t.TempDir())[n]
			if err := p.read(); err != nil {
				t.Fatalf("%s, as it should be: %v", p.name, err)
			}
			if err := tc.change(p.path); err != nil {
				t.Fatal(err)
			}
			want := tc.want
			if p.secret && tc.ofSecret != nil {
				want = tc.ofSecret
			}
			start := time.Now()
			err := p.read()
			if want == nil && err != nil || want != nil && !errors.As(err, want) {
				t.Errorf("%s, %s: %v; want %T", p.name, tc.name, err, want)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s, %s: it took %v", p.name, tc.name, took)
			}
		}
	}
}
