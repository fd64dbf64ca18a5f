// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// TestReplacedAtThisMoment: a file that another process has to itself for a moment, as
// one that replaces it does, is read and written all the same. One that stays so is
// given up in time.
func TestReplacedAtThisMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	hold := func() windows.Handle {
		t.Helper()
		name, err := windows.UTF16PtrFromString(path)
		if err != nil {
			t.Fatal(err)
		}
		h, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for what, open := range map[string]func() (*os.File, error){
		"read":   func() (*os.File, error) { return Open(path, Own) },
		"append": func() (*os.File, error) { return Append(path) },
	} {
		held := hold()
		late := time.AfterFunc(50*time.Millisecond, func() { _ = windows.CloseHandle(held) })
		f, err := open()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if late.Stop() {
			t.Errorf("%s: it was not held", what)
		}
		_ = f.Close()
	}
	held := hold()
	defer func() { _ = windows.CloseHandle(held) }()
	if f, err := Open(path, Own); err == nil {
		t.Errorf("%s is read while another one has it", f.Name())
	}
}
