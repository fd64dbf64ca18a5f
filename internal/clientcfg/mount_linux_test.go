// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a file that is mounted by itself.

package clientcfg

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestBindMount writes a file that is mounted by itself, as containers have them:
// nothing can take its place, and the other end of the mount sees the change.
func TestBindMount(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"mcp.json": "", "outside.json": oldFile} {
		writeFile(t, filepath.Join(folder, name), text, 0o644)
	}
	cmd, skipped := ownMounts(t, "mounted", folder)
	out, err := cmd.CombinedOutput()
	if skipped(err) {
		t.Skipf("may not mount a file here: %v %s", err, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if content := readFile(t, filepath.Join(folder, "outside.json")); content != edited(t, oldFile, entryFor("x")) {
		t.Errorf("outside there is %q", content)
	}
	if content := readFile(t, filepath.Join(folder, "mcp.json")); content != "" {
		t.Errorf("below the mount there is %q", content)
	}
	if all := names(t, folder); len(all) != 3 { // with the backup
		t.Errorf("%v", all)
	}
}

// writeMounted is the other end of TestBindMount.
func writeMounted(folder string) int {
	path := filepath.Join(folder, "mcp.json")
	if err := errors.Join(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		syscall.Mount(filepath.Join(folder, "outside.json"), path, "", syscall.MS_BIND, "")); err != nil {
		fmt.Println(err)
		return 77
	}
	result, err := testClient.Write(path, entryFor("x"), Options{})
	if err != nil || result.InPlace != mountedAlone {
		fmt.Println(result, err)
		return 1
	}
	if data, err := os.ReadFile(result.Backup); err != nil || string(data) != oldFile {
		fmt.Printf("backup: %q, %v\n", data, err)
		return 1
	}
	return 0
}
