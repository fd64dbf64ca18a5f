// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// TestWithin: what hangs is given up, is not begun again meanwhile at the path and below
// it, and what it opens after all is closed.
func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		folder := t.TempDir()
		at := func(name string) string { return filepath.Join(folder, name) }
		hung := at("dead")
		opened, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		var slow *SlowError
		if _, err := Within(hung, func() (*os.File, error) { <-free; return opened, nil }); !errors.As(err, &slow) || slow.Path != hung || time.Since(began) != patience {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		calls := 0
		count := func() (int, error) { calls++; return calls, fs.ErrExist }
		for _, path := range []string{hung, filepath.Join(hung, "a", "b")} {
			if _, err := Within(path, count); !errors.As(err, &slow) || calls != 0 {
				t.Errorf("%s: %v, %d calls", path, err, calls)
			}
		}
		if n, err := Within(at("dead2"), count); n != 1 || err != fs.ErrExist {
			t.Errorf("elsewhere: %d, %v", n, err)
		}
		close(free)
		synctest.Wait()
		if err := opened.Close(); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("what was opened late: %v", err)
		}
		if n, err := Within(hung, count); n != 2 || err != fs.ErrExist {
			t.Errorf("later: %d, %v", n, err)
		}
	})
}

// TestWithinSlowFolder: a folder that is only slow, as on a busy machine, is no dead one
// for longer than that, although what hangs below it goes on to hang.
func TestWithinSlowFolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		defer func(was func(string) (fs.FileInfo, error)) { lookAt = was }(lookAt)
		lookAt = func(path string) (fs.FileInfo, error) {
			if path == folder {
				time.Sleep(2 * probeTime)
			}
			return nil, nil
		}
		free := make(chan struct{})
		defer close(free)
		wait := func() (int, error) { <-free; return 0, nil }
		var slow *SlowError
		if _, err := Within(filepath.Join(folder, "dead"), wait); !errors.As(err, &slow) {
			t.Fatal(err)
		}
		time.Sleep(2 * probeTime)
		if n, err := Within(filepath.Join(folder, "other"), func() (int, error) { return 1, nil }); n != 1 || err != nil {
			t.Errorf("beside it: %d, %v", n, err)
		}
		if _, err := Within(filepath.Join(folder, "dead", "a"), wait); !errors.As(err, &slow) {
			t.Errorf("below it: %v", err)
		}
	})
}
