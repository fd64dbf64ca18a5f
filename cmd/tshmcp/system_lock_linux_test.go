// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: another process holds the lock for writers of credentials.

package main

import (
	"path/filepath"
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
