// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a disk that fails at any step.

package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var errFault = errors.New("the fault")

// faulty fails at one step, as a disk would that is full or broken.
type faulty struct {
	*os.File
	at string
}

func (f faulty) Chmod(mode fs.FileMode) error {
	return errors.Join(f.File.Chmod(mode), f.fault("chmod"))
}

func (f faulty) Write(p []byte) (int, error) {
	if f.at == "write" {
		n, err := f.File.Write(p[:len(p)/2])
		return n, errors.Join(err, errFault)
	}
	return f.File.Write(p)
}

func (f faulty) Sync() error  { return errors.Join(f.File.Sync(), f.fault("sync")) }
func (f faulty) Close() error { return errors.Join(f.File.Close(), f.fault("close")) }

func (f faulty) fault(step string) error {
	if f.at == step {
		return errFault
	}
	return nil
}

// TestFaults: whichever step fails, the error is reported and the temporary file
// is gone.
func TestFaults(t *testing.T) {
	for _, step := range []string{"none", "chmod", "write", "sync", "close"} {
		t.Run(step, func(t *testing.T) {
			folder := t.TempDir()
			f, err := os.Create(filepath.Join(folder, "new"))
			if err != nil {
				t.Fatal(err)
			}
			staged, err := fill(faulty{f, step}, []byte("some text"), 0o600)
			left, readErr := os.ReadDir(folder)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if step == "none" {
				if err != nil || staged == nil || len(left) != 1 {
					t.Errorf("%v, %v", err, left)
				}
				return
			}
			if !errors.Is(err, errFault) || staged != nil || len(left) != 0 {
				t.Errorf("%v, left behind: %v", err, left)
			}
		})
	}
}
