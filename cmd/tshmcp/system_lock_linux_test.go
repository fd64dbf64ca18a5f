// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: another process holds the lock for writers of credentials.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// TestHeldLock: a bridge that has got a certificate uses it, though it cannot be
// stored now. The next one stores its own.
func TestHeldLock(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file", "TSHMCP_LOGIN=never")
	d.login("alice")
	lock := flock.New(filepath.Join(d.state, "write.lock"))
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	apps := filepath.Join(d.state, "store", "app *")
	start := time.Now()
	if _, err := callOnce(tshmcp(t, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	t.Logf("a call took %v", took.Round(time.Millisecond))
	if took > 8*time.Second {
		t.Errorf("a call took %v", took)
	}
	if files, _ := filepath.Glob(apps); len(files) > 0 {
		t.Errorf("it wrote %q without the lock", files)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := callOnce(tshmcp(t, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(apps); len(files) != 1 {
		t.Errorf("stored are %q", files)
	}
}

// TestLogoutWhileHeld: a logout says after some seconds which process it waits for,
// goes on when that is done, and ends with its name when it takes too long.
func TestLogoutWhileHeld(t *testing.T) {
	waiting(t, logoutWhileHeld)
}

func logoutWhileHeld(t *testing.T) {
	d := newDesk(t, "file", "TSHMCP_LOGIN=never")
	d.login("alice")
	path := filepath.Join(d.state, "write.lock")
	lock := flock.New(path)
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	if err := os.WriteFile(path, []byte(" 4711"), 0o600); err != nil {
		t.Fatal(err)
	}
	by := fmt.Sprintf("the lock %s is held by the process 4711", path)
	start := time.Now()
	said, err := tshmcp(t, d.environ, "logout", "--all").CombinedOutput()
	if text := string(said); err == nil || !strings.Contains(text, "tshmcp: waiting: "+by) ||
		!strings.Contains(text, "error: "+by) || strings.Contains(text, "proxy") {
		t.Errorf("%v\n%s", err, text)
	}
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("it took %v", took)
	}
	freed := time.AfterFunc(5*time.Second, func() { lock.Unlock() })
	defer freed.Stop()
	said, err = tshmcp(t, d.environ, "logout").CombinedOutput()
	if text := string(said); err != nil || !strings.Contains(text, "waiting: "+by) || !strings.Contains(text, "Logged out of") {
		t.Errorf("%v\n%s", err, text)
	}
}
