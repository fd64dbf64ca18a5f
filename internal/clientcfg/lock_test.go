// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: locks of a client's file for whoever does not wait.

package clientcfg

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

// TestLockWithoutTime: a lock that is free is had also without any time to wait, which
// is what a short time is on a busy machine; one that is held is not.
func TestLockWithoutTime(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	unlock, err := lock(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(t.Context(), path, 0); !errors.Is(err, ErrBusy) {
		t.Errorf("while it is held: %v", err)
	}
	unlock()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lock(ended, path, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("when it is not wanted any more: %v", err)
	}
	if left := names(t, folder); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
