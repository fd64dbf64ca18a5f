// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Scenario: root, by sudo, in somebody's state directory.

package creds

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestLockOfRoot: the lock file that "sudo tshmcp logout" makes is the owner's of the
// folder, who could not write any more otherwise.
func TestLockOfRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make files for others")
	}
	const person = 12345
	folder := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(folder, person, person); err != nil {
		t.Skip("this machine has one user: ", err)
	}
	path := filepath.Join(folder, "write.lock")
	unlock, err := lockFile(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != person {
		t.Errorf("the lock belongs to %d", owner)
	}
}
