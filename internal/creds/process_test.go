// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: many goroutines and processes at one store.

package creds

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"sync"
	"testing"
	"time"
)

const writers = 10

// writeMuch logs in as user number n to a proxy that is shared with others and
// to one of its own, and stores apps beside both.
func writeMuch(ctx context.Context, s *Store, b Backend, n int) error {
	user := "user" + strconv.Itoa(n)
	for _, proxy := range []string{proxyAddr, user + ".example.com:443"} {
		p := profileOf(user, b)
		p.Proxy = proxy
		if err := s.SaveLogin(ctx, p, pairOf(user)); err != nil {
			return err
		}
		for _, app := range []string{"grafana", "loki", "grafana"} {
			err := s.SaveApp(ctx, &p, App{Name: app}, pairOf(user))
			if err != nil && (!errors.Is(err, ErrSuperseded) || proxy != proxyAddr) {
				return err
			}
		}
	}
	return nil
}

// readMuch looks for one whole login to the shared proxy and all of the others,
// and counts the secrets.
func readMuch(ctx context.Context, s *Store) (secrets int, err error) {
	profiles, err := s.Profiles()
	if err != nil || len(profiles) != writers+1 {
		return 0, fmt.Errorf("%d profiles, %v", len(profiles), err)
	}
	for _, p := range profiles {
		got, err := s.Login(ctx, &p)
		if err != nil || !reflect.DeepEqual(*got, pairOf(p.Username)) {
			return 0, fmt.Errorf("login of %s at %s: %v", p.Username, p.Proxy, err)
		}
		secrets++
		for _, app := range []string{"grafana", "loki"} {
			got, err := s.App(ctx, &p, App{Name: app})
			if p.Proxy == proxyAddr && errors.Is(err, ErrNotFound) {
				continue // its writer was superseded
			}
			if err != nil || !reflect.DeepEqual(*got, pairOf(p.Username)) {
				return 0, fmt.Errorf("app %s of %s at %s: %v", app, p.Username, p.Proxy, err)
			}
			secrets++
		}
	}
	return secrets, nil
}

func checkMuch(t *testing.T, s *Store) {
	t.Helper()
	secrets, err := readMuch(t.Context(), s)
	if err != nil {
		t.Error(err)
	}
	profiles, _ := s.Profiles()
	files, err := os.ReadDir(filepath.Join(s.Dir, "store"))
	if err != nil || len(files) != secrets {
		t.Errorf("%d files for %d secrets, %v", len(files), secrets, err)
	}
	if _, err := s.Profile(""); err != nil {
		t.Errorf("current profile: %v", err)
	}
	for _, p := range profiles {
		if err := s.DeleteLogin(t.Context(), p.Proxy); err != nil {
			t.Error(err)
		}
	}
	if files, err := os.ReadDir(filepath.Join(s.Dir, "store")); err != nil || len(files) > 0 {
		t.Errorf("logout left %d files, %v", len(files), err)
	}
}

func TestConcurrentGoroutines(t *testing.T) {
	s := &Store{Dir: t.TempDir()}
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			if err := writeMuch(t.Context(), s, File, n); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	checkMuch(t, s)
}

// TestConcurrentProcesses starts all writers at once by closing their standard
// input.
func TestConcurrentProcesses(t *testing.T) {
	s := &Store{Dir: t.TempDir()}
	writeAtOnce(t, nil, s.Dir, File)
	checkMuch(t, s)
}

func writeAtOnce(t *testing.T, env []string, dir string, b Backend) {
	t.Helper()
	var started []*exec.Cmd
	var gates []io.Closer
	for n := range writers {
		cmd := child(t, env, "write", dir, strconv.Itoa(n), string(b))
		cmd.Stderr = os.Stderr
		gate, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		started, gates = append(started, cmd), append(gates, gate)
	}
	for _, gate := range gates {
		_ = gate.Close()
	}
	for _, cmd := range started {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%q: %v", cmd.Args[1:], err)
		}
	}
}

func childWrite(ctx context.Context, args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	waitForEnd()
	return writeMuch(ctx, &Store{Dir: args[0], Timeout: 20 * time.Second}, Backend(args[2]), n)
}

// TestLock has another process hold a lock and die with it.
func TestLock(t *testing.T) {
	s := &Store{Dir: t.TempDir()}
	holder := child(t, nil, "hold lock", s.Dir, "login "+proxyAddr)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.StdinPipe(); err != nil { // stays open
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}

	want := fmt.Sprintf("the lock %s is held by the process %d",
		filepath.Join(s.Dir, "locks", fileName("login "+proxyAddr)+".lock"), holder.Process.Pid)
	ctx, cancel := context.WithTimeout(t.Context(), 5*lockPoll)
	defer cancel()
	if _, err := s.Lock(ctx, "login "+proxyAddr); !errors.Is(err, ErrBusy) || err.Error() != want {
		t.Errorf("while it is held: %v", err)
	}
	unlock, err := s.Lock(t.Context(), "login other.example.com:443")
	if err != nil {
		t.Fatalf("another lock: %v", err)
	}
	unlock()
	if err := s.SaveLogin(t.Context(), profileOf("alice", File), pairOf("login")); err != nil {
		t.Errorf("a write under the lock: %v", err)
	}

	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		unlock, err := s.Lock(ctx, "login "+proxyAddr)
		if err != nil {
			t.Fatalf("after its holder died: %v", err)
		}
		unlock()
		unlock() // does nothing
	}
}

func childHoldLock(ctx context.Context, args []string) error {
	s := &Store{Dir: args[0]}
	if _, err := s.Lock(ctx, args[1]); err != nil {
		return err
	}
	fmt.Println("locked")
	waitForEnd()
	return nil
}
