// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: something else is where a file of the state directory was.

//go:build !windows

package creds

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// stateFile is a file of the state directory, and what reads or opens it.
type stateFile struct {
	name string
	path func(s *Store) string
	use  func(ctx context.Context, s *Store) error
	lock bool // its content is nobody's
}

func stateFiles() []stateFile {
	p := profileOf("alice", File)
	in := func(names ...string) func(*Store) string {
		return func(s *Store) string { return filepath.Join(append([]string{s.Dir}, names...)...) }
	}
	return []stateFile{
		{"profile", func(s *Store) string { return s.profiles().path(proxyAddr) },
			func(_ context.Context, s *Store) error { _, err := s.Profile(proxyAddr); return err }, false},
		{"profile among others", func(s *Store) string { return s.profiles().path(proxyAddr) },
			func(_ context.Context, s *Store) error { _, err := s.Profiles(); return err }, false},
		{"current", in(currentFile),
			func(_ context.Context, s *Store) error { _, err := s.Profile(""); return err }, false},
		{"index", func(s *Store) string { return s.vault().path(proxyAddr) },
			func(_ context.Context, s *Store) error { _, err := s.Apps(&p); return err }, false},
		{"index of a write", func(s *Store) string { return s.vault().path(proxyAddr) },
			func(ctx context.Context, s *Store) error {
				return s.SaveApp(ctx, &p, App{Name: "loki"}, pairOf("loki"))
			}, false},
		{"login", func(s *Store) string { return fileBackend{s.dir()}.path(loginAccount(&p)) },
			func(ctx context.Context, s *Store) error { _, err := s.Login(ctx, &p); return err }, false},
		{"app", func(s *Store) string { return fileBackend{s.dir()}.path(appAccount(&p, App{Name: "grafana"})) },
			func(ctx context.Context, s *Store) error { _, err := s.App(ctx, &p, App{Name: "grafana"}); return err }, false},
		{"lock of a write", in("write.lock"),
			func(ctx context.Context, s *Store) error { return s.SaveLogin(ctx, p, pairOf("next")) }, true},
		{"lock of a login", in("locks", fileName("login")+".lock"),
			func(ctx context.Context, s *Store) error {
				unlock, err := s.Lock(ctx, "login")
				if err == nil {
					unlock()
				}
				return err
			}, true},
	}
}

// replacement is what somebody puts in the place of a file.
type replacement struct {
	name string
	put  func(t *testing.T, path string, original []byte)
	want any  // pointer to the type of error
	also bool // of lock files too
}

func replacements() []replacement {
	kind := new(*plainfile.KindError)
	put := func(err error, t *testing.T) {
		if err != nil {
			t.Fatal(err)
		}
	}
	return []replacement{
		{"named pipe", func(t *testing.T, path string, _ []byte) { put(syscall.Mkfifo(path, 0o600), t) }, kind, true},
		{"socket", func(t *testing.T, path string, _ []byte) {
			listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: "s", Net: "unix"})
			put(err, t)
			listener.SetUnlinkOnClose(false)
			t.Cleanup(func() { _ = listener.Close() })
			put(os.Rename("s", path), t) // a longer name would not fit
		}, kind, true},
		{"device", func(t *testing.T, path string, _ []byte) {
			if err := syscall.Mknod(path, syscall.S_IFCHR|0o600, 1<<8|5); err != nil { // zero
				t.Skipf("this user cannot make a device: %v", err)
			}
		}, kind, true},
		{"directory", func(t *testing.T, path string, _ []byte) { put(os.Mkdir(path, 0o700), t) }, kind, true},
		{"symlink to the like", func(t *testing.T, path string, original []byte) {
			elsewhere := filepath.Join(t.TempDir(), "elsewhere")
			put(os.WriteFile(elsewhere, original, 0o600), t)
			put(os.Symlink(elsewhere, path), t)
		}, kind, true},
		{"symlink to nothing", func(t *testing.T, path string, _ []byte) {
			put(os.Symlink(filepath.Join(t.TempDir(), "nothing"), path), t)
		}, kind, true},
		{"file that others read", func(t *testing.T, path string, original []byte) {
			put(os.WriteFile(path, original, 0o600), t)
			put(os.Chmod(path, 0o644), t)
		}, new(*plainfile.ModeError), true},
		{"file that others write", func(t *testing.T, path string, original []byte) {
			put(os.WriteFile(path, original, 0o600), t)
			put(os.Chmod(path, 0o602), t)
		}, new(*plainfile.ModeError), true},
		{"file of another user", func(t *testing.T, path string, original []byte) {
			put(os.WriteFile(path, original, 0o600), t)
			if err := os.Chown(path, 4711, 4711); err != nil {
				t.Skipf("this user cannot give files away: %v", err)
			}
		}, new(*plainfile.OwnerError), true},
		{"file without end", func(t *testing.T, path string, _ []byte) {
			put(os.WriteFile(path, nil, 0o600), t)
			put(os.Truncate(path, 1<<40), t)
		}, new(*plainfile.SizeError), false},
	}
}

// TestNotPlain puts everything that is no file of ours in the place of each file
// of the state directory: it is refused at once, by what it is.
func TestNotPlain(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, file := range stateFiles() {
		for _, instead := range replacements() {
			t.Run(file.name+"/"+instead.name, func(t *testing.T) {
				if file.lock && !instead.also {
					return
				}
				s, _ := newStore(t)
				p := profileOf("alice", File)
				saveLogin(t, s, p, "login")
				saveApp(t, s, p, "grafana", "grafana")
				if err := file.use(t.Context(), s); err != nil {
					t.Fatalf("before: %v", err)
				}
				path := file.path(s)
				original, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				instead.put(t, path, original)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				start := time.Now()
				err = file.use(ctx, s)
				if !errors.As(err, instead.want) || errors.Is(err, ErrNotFound) {
					t.Errorf("%v; want %T", err, instead.want)
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		}
	}
}

// TestFolders holds that the folders are closed to others too.
func TestFolders(t *testing.T) {
	for _, tc := range []struct {
		dir  string
		mode fs.FileMode
		use  func(ctx context.Context, s *Store) error
	}{
		{".", 0o775, func(_ context.Context, s *Store) error { _, err := s.Profile(""); return err }},
		{".", 0o757, func(_ context.Context, s *Store) error { _, err := s.Profile(""); return err }},
		{profileDir, 0o750, func(_ context.Context, s *Store) error { _, err := s.Profile(""); return err }},
		{profileDir, 0o701, func(_ context.Context, s *Store) error { _, err := s.Profiles(); return err }},
		{indexDir, 0o702, func(_ context.Context, s *Store) error {
			p := profileOf("alice", File)
			_, err := s.Apps(&p)
			return err
		}},
		{storeDir, 0o704, func(ctx context.Context, s *Store) error {
			p := profileOf("alice", File)
			_, err := s.Login(ctx, &p)
			return err
		}},
	} {
		t.Run(fmt.Sprintf("%s %#o", tc.dir, tc.mode), func(t *testing.T) {
			s, _ := newStore(t)
			saveLogin(t, s, profileOf("alice", File), "login")
			dir := filepath.Join(s.Dir, tc.dir)
			if err := os.Chmod(dir, tc.mode); err != nil {
				t.Fatal(err)
			}
			var mode *plainfile.ModeError
			if err := tc.use(t.Context(), s); !errors.As(err, &mode) || mode.Path != dir || mode.Mode != tc.mode {
				t.Errorf("%v; want a refusal of the folder", err)
			}
			if err := s.DeleteLogin(t.Context(), proxyAddr); err != nil {
				t.Errorf("logout: %v", err)
			}
			if files, err := os.ReadDir(filepath.Join(s.Dir, storeDir)); err != nil || len(files) > 0 {
				t.Errorf("logout left %v, %v", files, err)
			}
		})
	}
}
