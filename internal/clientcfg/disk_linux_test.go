// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a disk without room.

package clientcfg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestDiskFull writes on a real disk that has no room, then room for one of the
// two files that a write needs, and then for both.
func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	cmd, skipped := ownMounts(t, "full", folder)
	out, err := cmd.CombinedOutput()
	if skipped(err) {
		t.Skipf("may not mount a disk here: %v %s", err, out)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("\n%s", out)
}

// ownMounts is a child with mounts of its own, which nobody else sees and which
// end with it. skipped tells that it may not have them.
func ownMounts(t *testing.T, role, folder string) (cmd *exec.Cmd, skipped func(error) bool) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = childEnviron(role, folder, "")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return cmd, func(err error) bool {
		return errors.Is(err, syscall.EPERM) || cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 77
	}
}

// fillDisk is the other end of TestDiskFull.
func fillDisk(folder string) int {
	if err := errors.Join(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=256k")); err != nil {
		fmt.Println(err)
		return 77
	}
	path, filler := filepath.Join(folder, "mcp.json"), filepath.Join(folder, "filler")
	if err := os.WriteFile(path, []byte(oldFile), 0o600); err != nil {
		fmt.Println(err)
		return 1
	}
	const page = 4096
	for pages, fits := range []bool{false, false, true} {
		rest := fmt.Sprintf("room for %d files: ", pages)
		if err := fillUp(filler, int64(pages)*page); err != nil {
			fmt.Println(rest, err)
			return 1
		}
		result, err := testClient.Write(path, entryFor("x"), Options{})
		now, readErr := os.ReadFile(path)
		left, dirErr := filepath.Glob(filepath.Join(folder, ".*"))
		backups, globErr := filepath.Glob(path + ".bak-*")
		fmt.Printf("%swritten: %t, %v\n", rest, result.Changed, err)
		switch {
		case errors.Join(readErr, dirErr, globErr) != nil || len(left) > 0:
			fmt.Println("left behind:", left, readErr)
			return 1
		case !fits && (!errors.Is(err, syscall.ENOSPC) || string(now) != oldFile || len(backups) > 0):
			fmt.Printf("the old file is not whole, or %v is left behind: %q\n", backups, now)
			return 1
		case fits && (err != nil || !strings.Contains(string(now), `"x"`) || !slices.Equal(backups, []string{result.Backup})):
			fmt.Printf("%q %v\n", now, backups)
			return 1
		}
	}
	return 0
}

// fillUp fills the disk but for so many bytes.
func fillUp(filler string, free int64) error {
	f, err := os.Create(filler)
	if err != nil {
		return err
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return f.Truncate(info.Size() - free)
}
