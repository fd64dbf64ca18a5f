// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStateHints: what is to be done depends on what was done.
func TestStateHints(t *testing.T) {
	for _, test := range []struct {
		doing     Doing
		err       error
		want      string
		elsewhere bool
	}{
		{reading, syscall.EACCES, "you may not read it", false},
		{writing, syscall.EACCES, "you may not write there", true},
		{removing, syscall.EACCES, "you may not change what is there", false},
		{writing, syscall.EROFS, "mount it writable", true},
		{removing, syscall.EROFS, "mount it writable", false},
		{writing, syscall.ENOSPC, "free some space", true},
		{removing, syscall.ENOSPC, "free some space", false},
		{reading, syscall.ENOTDIR, "move it away", false},
		{reading, syscall.EIO, "", false},
	} {
		err := inState(test.doing, fmt.Errorf("lock: %w", &fs.PathError{Op: "mkdir", Path: "x", Err: test.err}))
		var own *StateError
		if !errors.As(err, &own) || (own.ExitCode() != 0) != (test.want != "") {
			t.Fatalf("%v: %v", test.err, err)
		}
		hint := strings.Join(own.Hints(), "\n")
		if !strings.Contains(hint, test.want) || strings.Contains(hint, "TSHMCP_HOME") != test.elsewhere {
			t.Errorf("%v of %v: %q", test.doing, test.err, hint)
		}
	}
	missing := &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}
	if err := inState(reading, missing); err != error(missing) || inState(reading, nil) != nil {
		t.Errorf("what is not there: %v", err)
	}
}

// TestStateInTheWay has a file where the state directory or one of its folders
// has to be: each operation says so, and that before anybody signs in.
func TestStateInTheWay(t *testing.T) {
	for _, name := range []string{".", profileDir, indexDir, storeDir, "below/file"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			s := &Store{Dir: dir}
			path := filepath.Join(dir, name)
			if name == "below/file" {
				path, s.Dir = dir, filepath.Join(dir, "below")
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			for what, err := range map[string]error{
				"check":  s.Check(t.Context(), File),
				"save":   s.SaveLogin(t.Context(), profileOf("alice", File), pairOf("login")),
				"remove": errors.Join(s.DeleteLogin(t.Context(), proxyAddr), s.Sweep(t.Context())),
			} {
				var own interface {
					error
					Hints() []string
				}
				if what != "remove" && err == nil || err != nil && !errors.Is(err, ErrNotFound) && (!errors.As(err, &own) || len(own.Hints()) == 0) {
					t.Errorf("%s: %v says nothing to do", what, err)
				}
			}
		})
	}
}

// TestCheckLeavesNothing: what is written to see whether there is room is gone.
func TestCheckLeavesNothing(t *testing.T) {
	s := &Store{Dir: t.TempDir()}
	if err := s.Check(t.Context(), File); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{profileDir, indexDir, storeDir} {
		if entries, err := os.ReadDir(filepath.Join(s.Dir, dir)); err != nil || len(entries) > 0 {
			t.Errorf("%s: %v, %v", dir, entries, err)
		}
	}
}
