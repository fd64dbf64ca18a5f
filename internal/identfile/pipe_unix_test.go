// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a pipe in the place of an identity file.

//go:build unix

package identfile

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe: opening a pipe that nobody writes to would wait forever.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	wantMalformed(t, "pipe", err, path, "it is not a regular file")
}
