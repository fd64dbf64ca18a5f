// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a process that writes is killed, and then somebody logs out.

package creds

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func init() { children["write on and on"] = childWriteOn }

// dirKeyring is a keyring that several processes share: a file for each entry.
// An entry is whole or not there, also when its writer is killed.
type dirKeyring struct{ dir string }

func (k dirKeyring) path(account string) string {
	return filepath.Join(k.dir, hex.EncodeToString([]byte(account)))
}

func (k dirKeyring) get(account string) (string, error) {
	data, err := os.ReadFile(k.path(account))
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNotFound
	}
	return string(data), err
}

func (k dirKeyring) set(account, secret string) error {
	temporary := k.dir + ".new"
	if err := os.WriteFile(temporary, []byte(secret), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, k.path(account))
}

func (k dirKeyring) delete(account string) error {
	err := os.Remove(k.path(account))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return err
}

// storeOf is the store of a test's process. Without a keyring of its own it uses
// that of the session.
func storeOf(dir, keyringDir string) *Store {
	s := &Store{Dir: dir, Timeout: 20 * time.Second}
	if keyringDir != "" {
		s.keyring = dirKeyring{keyringDir}
	}
	return s
}

// childWriteOn does everything that writes, until it is killed.
func childWriteOn(ctx context.Context, args []string) error {
	s, backend := storeOf(args[0], args[1]), Backend(args[2])
	fmt.Println("started")
	for n := 0; ; n++ {
		for _, user := range []string{"alice", "bob"} {
			p := profileOf(user, backend)
			p.Proxy = user + ".example.com:443"
			p.Expires = expires.Add(time.Duration(n) * time.Second)
			big := pairOf(user)
			for len(big.Cert) < 3000*(1+n%3) {
				big.Cert = append(big.Cert, byte(rand.Uint32()))
			}
			if err := errors.Join(
				s.SaveLogin(ctx, p, big),
				s.SaveApp(ctx, &p, App{Name: "grafana"}, big),
				s.SaveApp(ctx, &p, App{Name: "loki"}, pairOf("loki")),
				s.SaveApp(ctx, &p, App{Name: "grafana"}, pairOf("grafana")),
				s.deleteApp(ctx, &p, App{Name: "loki"}),
			); err != nil {
				return err
			}
		}
		if err := s.DeleteLogin(ctx, "bob.example.com:443"); err != nil {
			return err
		}
	}
}

// killSome runs the child time and again and kills it at random moments.
func killSome(t *testing.T, times int, env []string, dir, keyringDir string, backend Backend) {
	t.Helper()
	for range times {
		cmd := child(t, env, "write on and on", dir, keyringDir, string(backend))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(60 * time.Millisecond)) // the moment is what is tried
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); cmd.ProcessState.Success() || cmd.ProcessState.ExitCode() == 1 {
			t.Fatalf("the child ended by itself: %v", err)
		}
	}
}

// logoutOfAll is what "logout --all" does.
func logoutOfAll(ctx context.Context, s *Store) error {
	proxies, err := s.Proxies()
	errs := []error{err}
	for _, proxy := range proxies {
		errs = append(errs, s.DeleteLogin(ctx, proxy))
	}
	return errors.Join(append(errs, s.Sweep(ctx))...)
}

// leftovers lists the files of a state directory that are no locks.
func leftovers(t *testing.T, dir string) (left []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) != ".lock" {
			left = append(left, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// TestKilled kills a process that writes, over and over. A logout must leave
// nothing of what it was writing.
func TestKilled(t *testing.T) {
	for _, backend := range []Backend{File, Keyring} {
		t.Run(string(backend), func(t *testing.T) {
			t.Parallel()
			dir, keyringDir := filepath.Join(t.TempDir(), "state"), t.TempDir()
			for range 5 {
				killSome(t, 6, nil, dir, keyringDir, backend)
				if err := logoutOfAll(t.Context(), storeOf(dir, keyringDir)); err != nil {
					t.Error(err)
				}
				if left := append(leftovers(t, dir), leftovers(t, keyringDir)...); len(left) > 0 {
					t.Fatalf("logout left %q", left)
				}
			}
		})
	}
}
