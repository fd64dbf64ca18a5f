// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package clientcfg

import (
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
)

const nobody = 65534

// dropRoot makes this process subject to file modes again.
func dropRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	return syscall.Setuid(nobody)
}

// limitFiles makes writing a file beyond some 50 bytes fail, as on a disk that is
// full.
func limitFiles() error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for limit.Cur > 64 { // whose type is not the same on all systems
		limit.Cur /= 2
	}
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// TestWriteStopsHalfway: the first half of the new file fits on the disk, the
// rest does not.
func TestWriteStopsHalfway(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o600)
	out, code := start(t, "limited", path, "x").wait(t)
	if code != 1 || !strings.Contains(out, "file too large") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if readFile(t, path) != oldFile || len(names(t, folder)) != 1 {
		t.Errorf("%v %s", names(t, folder), readFile(t, path))
	}
}

// TestRenameRefused: in a folder where everybody may create files but not
// replace those of others, only the very last step fails.
func TestRenameRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to have a file of somebody else's")
	}
	folder, err := os.MkdirTemp("", "clientcfg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o666)
	if err := os.Chmod(folder, 0o777|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	out, code := start(t, "unprivileged", path, "x").wait(t)
	if code != 1 || !strings.Contains(out, "rename ") || !strings.Contains(out, "operation not permitted") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if readFile(t, path) != oldFile || len(names(t, folder)) != 1 {
		t.Errorf("%v %s", names(t, folder), readFile(t, path))
	}
}

// TestUnwritableFolder: the error says so, and the file is untouched.
func TestUnwritableFolder(t *testing.T) {
	// Not t.TempDir, whose parent is closed to the user that the child becomes.
	folder, err := os.MkdirTemp("", "clientcfg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(os.Chmod(folder, 0o700), os.RemoveAll(folder)); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o666)
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	out, code := start(t, "unprivileged", path, "x").wait(t)
	if code != 1 || !strings.Contains(out, "permission denied") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if readFile(t, path) != oldFile || len(names(t, folder)) != 1 {
		t.Errorf("%v %s", names(t, folder), readFile(t, path))
	}
}

// TestRootKeepsOwner: "sudo tshmcp config" leaves a person's files theirs.
func TestRootKeepsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	const uid, gid = 12345, 23456
	folder := t.TempDir()
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	existing, created := filepath.Join(folder, "mcp.json"), filepath.Join(folder, "a", "b", "mcp.json")
	writeFile(t, existing, oldFile, 0o600)
	if err := os.Chown(existing, uid, gid+1); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{existing, created} {
		if _, err := testClient.Write(path, entryFor("x"), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	checkOwner(t, existing, uid, gid+1)
	for _, path := range []string{filepath.Join(folder, "a"), filepath.Join(folder, "a", "b"), created} {
		checkOwner(t, path, uid, gid)
	}
	for _, name := range names(t, folder) {
		if strings.Contains(name, ".bak-") {
			checkOwner(t, filepath.Join(folder, name), uid, gid+1)
		}
	}
	// A second name for a file of root's must not change hands.
	secret := filepath.Join(folder, "secret")
	writeFile(t, secret, "", 0o600)
	if err := os.Link(secret, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := giveTo(filepath.Join(folder, "link"), info); !errors.Is(err, ErrNotFile) {
		t.Errorf("%v", err)
	}
	checkOwner(t, secret, 0, 0)
}

func checkOwner(t *testing.T, path string, uid, gid uint32) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat := info.Sys().(*syscall.Stat_t); stat.Uid != uid || stat.Gid != gid {
		t.Errorf("%s: owner %d:%d, want %d:%d", path, stat.Uid, stat.Gid, uid, gid)
	}
}

// TestNamedPipe: a pipe nobody writes to must not make the write wait.
func TestNamedPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := testClient.Write(path, entryFor("x"), Options{}); !errors.Is(err, ErrNotFile) {
		t.Errorf("%v", err)
	}
}

// TestLockOfRemovedFile: a lock on a file that its last holder has removed
// keeps nobody out, and must not count.
func TestLockOfRemovedFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	l := flock.New(name)
	if err := l.Lock(); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !current(l, name) {
		t.Error("not current, although nothing happened")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if current(l, name) {
		t.Error("current, although removed")
	}
	writeFile(t, name, "", 0o600)
	if current(l, name) {
		t.Error("current, although another file has the name")
	}
}
