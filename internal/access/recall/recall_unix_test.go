// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package recall

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestForgetWaitsForNothing: what is in the place of a folder keeps no logout.
func TestForgetWaitsForNothing(t *testing.T) {
	for what, put := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"socket": func(path string) error { _, err := net.Listen("unix", path); return err },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"loop":   func(path string) error { return os.Symlink(path, path) },
		"file":   func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		for _, place := range []func(state string) string{
			func(state string) string { return filepath.Join(state, "servers") },
			func(state string) string { return dirOf(state, "proxy:443") },
		} {
			state, err := os.MkdirTemp("", "forget") // a socket's path has to be short
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(state) })
			path := place(state)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- Forget(state, "proxy:443") }()
			select {
			case err := <-done:
				if err != nil {
					t.Errorf("%s at %s: %v", what, path, err)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%s at %s: it waits", what, path)
			}
		}
	}
}

// TestOpenToOthers: nothing is kept in a state directory that others may write to.
func TestOpenToOthers(t *testing.T) {
	state := t.TempDir()
	if err := os.Chmod(state, 0o777); err != nil {
		t.Fatal(err)
	}
	m := Of(state, "proxy:443", "", "app", "", slog.New(slog.DiscardHandler))
	m.keep([]byte(`{"protocolVersion":"1"}`), []byte(`{}`))
	m.keepTools([]string{"tool"}, true)
	if made, err := os.ReadDir(state); len(made) > 0 || err != nil {
		t.Errorf("made: %v, %v", made, err)
	}
}
