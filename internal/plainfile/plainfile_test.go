// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
)

// TestReadAtOnce: what a read costs is the size of the file, twice, and little else: each
// bridge reads some at its start.
func TestReadAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	want := bytes.Repeat([]byte("x"), 3000)
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path, Own, 1<<20)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("what is counted with the race detector is not the program's")
	}
	const times = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		_, _ = Read(path, Own, 1<<20)
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / times; n > 14_000 {
		t.Errorf("%d bytes for a file of %d", n, len(want))
	}
}
