// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestKernelFiles: what the kernel makes up is no file, however it is called.
func TestKernelFiles(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink("/proc/kmsg", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/proc/kmsg", "/proc/self/mem", "/proc/self/environ", "/proc/version", "/sys/kernel/notes", link} {
		var kind *KindError
		if _, err := Read(path, Named, 1<<10); !errors.As(err, &kind) && !os.IsNotExist(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("well"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if data, err := Read("/dev/fd/"+filepath.Base(mustLink(t, f)), Named, 1<<10); string(data) != "well" {
		t.Errorf("a file by its descriptor: %q, %v", data, err)
	}
}

// mustLink is the name under which the kernel has an open file.
func mustLink(t *testing.T, f *os.File) string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join("/proc/self/fd", e.Name())
		if to, err := os.Readlink(path); err == nil && to == f.Name() {
			return path
		}
	}
	t.Fatal("the file is not among the open ones")
	return ""
}
