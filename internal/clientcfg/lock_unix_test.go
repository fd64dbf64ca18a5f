// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: something else is where the lock file of a client's file has to be (lock.go).

//go:build unix

package clientcfg

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// TestLockIsPlain: a project may come with anything in the lock's place. Nothing is
// made or locked elsewhere because of it, and nothing waits.
func TestLockIsPlain(t *testing.T) {
	for kind, put := range map[string]func(name, folder string) error{
		"a symlink":     func(name, folder string) error { return os.Symlink(filepath.Join(folder, "victim"), name) },
		"a link to it":  func(name, folder string) error { return os.Symlink("mcp.json", name) },
		"a named pipe":  func(name, _ string) error { return syscall.Mkfifo(name, 0o600) },
		"a directory":   func(name, _ string) error { return os.Mkdir(name, 0o700) },
		"a loop":        func(name, _ string) error { return os.Symlink(filepath.Base(name), name) },
		"a device":      func(name, _ string) error { return os.Symlink("/dev/zero", name) },
		"a named pipe ": func(name, _ string) error { return syscall.Mkfifo(name, 0o666) },
	} {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "mcp.json")
			writeFile(t, path, oldFile, 0o600)
			if err := put(hidden(path, "tshmcp-lock"), folder); err != nil {
				t.Fatal(err)
			}
			before := names(t, folder)
			start := time.Now()
			var refused *plainfile.KindError
			if _, err := testClient.Write(path, entryFor("x"), Options{LockTimeout: 20 * time.Second}); !errors.As(err, &refused) {
				t.Errorf("%v", err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("it waited for %v", took)
			}
			if after := names(t, folder); len(after) != len(before) {
				t.Errorf("before %v, after %v", before, after)
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != oldFile {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}
