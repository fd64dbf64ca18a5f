// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNeighbours: what is no business of a file that is followed wakes nobody, as the
// files that are written all the time in a home folder.
func TestNeighbours(t *testing.T) {
	dir := home(t)
	must(t, os.WriteFile(filepath.Join(dir, "history"), nil, 0o600))
	w, ok := begin(func() []string {
		return []string{filepath.Join(dir, "state", "login"), filepath.Join(dir, "later", "on")}
	}).(*watcher)
	if !ok {
		t.Fatal("nothing is watched")
	}
	defer w.close()
	told := func() bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(w.fd), Events: unix.POLLIN}}, 0)
		must(t, err)
		return n > 0
	}
	must(t, os.WriteFile(filepath.Join(dir, "history"), []byte("ls"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "state", "inner", "log"), nil, 0o600))
	if _, err := os.ReadFile(filepath.Join(dir, "state", "login")); err != nil || told() {
		t.Errorf("somebody is woken by what others do: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "state", "login"), []byte("carol"), 0o600))
	if !told() {
		t.Error("nobody is woken")
	}
}
