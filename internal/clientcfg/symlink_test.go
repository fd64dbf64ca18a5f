// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: files that are symlinks.

package clientcfg

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestSymlinks(t *testing.T) {
	symlink := func(t *testing.T, target, path string) {
		t.Helper()
		if err := os.Symlink(target, path); err != nil {
			t.Skip("no symlinks here: ", err)
		}
	}
	for _, name := range []string{"absolute", "relative", "dangling", "through a linked folder", "chain"} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			dotfiles, config := filepath.Join(root, "dotfiles", "deep"), filepath.Join(root, "config")
			for _, folder := range []string{dotfiles, config} {
				if err := os.MkdirAll(folder, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			target, path := filepath.Join(dotfiles, "real.json"), filepath.Join(config, "mcp.json")
			if name != "dangling" {
				writeFile(t, target, oldFile, 0o644)
			}
			link := path
			switch name {
			case "absolute":
				symlink(t, target, path)
			case "relative", "dangling":
				symlink(t, filepath.Join("..", "dotfiles", "deep", "real.json"), path)
			case "through a linked folder":
				// config/linked is dotfiles/deep, so ../deep is not config/deep.
				symlink(t, dotfiles, filepath.Join(config, "linked"))
				symlink(t, filepath.Join("..", "deep", "real.json"), filepath.Join(dotfiles, "mcp.json"))
				path, link = filepath.Join(config, "linked", "mcp.json"), filepath.Join(dotfiles, "mcp.json")
			case "chain":
				symlink(t, target, filepath.Join(config, "second"))
				symlink(t, "second", path)
			}
			got, err := testClient.Write(path, entryFor("x"), Options{})
			if err != nil || !got.Changed {
				t.Fatalf("%+v, %v", got, err)
			}
			if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
				t.Errorf("the symlink is gone: %v, %v", info, err)
			}
			old := oldFile
			if name == "dangling" {
				old = ""
			}
			if content := readFile(t, target); content != edited(t, old, entryFor("x")) {
				t.Errorf("%s", content)
			}
			if got.Backup != "" && filepath.Base(filepath.Dir(got.Backup)) != "deep" {
				t.Errorf("backup %s", got.Backup)
			}
		})
	}
	loop := filepath.Join(t.TempDir(), "loop")
	symlink(t, loop, loop)
	if _, err := testClient.Write(loop, entryFor("x"), Options{}); err == nil {
		t.Error("a loop of symlinks")
	}
}
