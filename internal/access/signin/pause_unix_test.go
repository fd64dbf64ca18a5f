// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package signin

import (
	"os"
	"testing"
	"time"
)

// TestOpenToOthers: no pause is noted in a state directory that others may write to,
// and so no tab can be opened.
func TestOpenToOthers(t *testing.T) {
	state := t.TempDir()
	if err := os.Chmod(state, 0o777); err != nil {
		t.Fatal(err)
	}
	g := &Gate{Dir: state, Now: time.Now}
	g.Pause(somewhere, "a reason")
	if err := g.canPause(somewhere); err == nil {
		t.Error("a pause could be noted")
	}
	if made, err := os.ReadDir(state); len(made) > 0 || err != nil {
		t.Errorf("made: %v, %v", made, err)
	}
}
