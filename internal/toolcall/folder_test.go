// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// Whatever app, tool and server are called, what is written has a name of ours and
// is in the folder.
func TestFolderNames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	f, err := openFolder(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	good := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*-[0-9]+\.[a-z0-9]+$`)
	for _, name := range []string{"notes", "", "..", "../../etc/x", `..\..\x`, "con", "a.b", "-rf", "\x1b[2J", "naïve", strings.Repeat("x", 10_000), "c:x", "a/b", "nul."} {
		r := &Result{Content: []Content{
			{Type: "image", MIMEType: "image/png; charset=../x", Data: base64.StdEncoding.EncodeToString([]byte("png"))},
			{Type: "resource", MIMEType: name, URI: "file:///" + name, Name: name, Text: "text"},
			{Type: "text", Text: "shown"}, {Type: "resource_link", URI: name},
		}}
		if err := f.save(r, name, name); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		for i, c := range r.Content {
			if (c.File != "") != (i < 2) || c.File != "" && (filepath.Dir(c.File) != dir || !good.MatchString(filepath.Base(c.File))) {
				t.Errorf("%q: part %d is in %q", name, i, c.File)
			}
		}
		if filepath.Ext(r.Content[0].File) != ".png" || filepath.Ext(r.Content[1].File) != ".bin" {
			t.Errorf("%q: %q, %q", name, r.Content[0].File, r.Content[1].File)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2*14 {
		t.Errorf("%d files, %v", len(entries), err)
	}
}

// A file, or a link, that has the name already is left alone; by force it is taken
// away, and what it leads to is not touched.
func TestFolderKeepsFiles(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "a-b-1.png")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for force, want := range map[bool]string{false: "a-b-2.png", true: "a-b-1.png"} {
		f, err := openFolder(dir, force)
		if err != nil {
			t.Fatal(err)
		}
		r := &Result{Content: []Content{{Type: "image", MIMEType: "image/png", Data: "cG5n"}}}
		err = f.save(r, "a", "b")
		if f.Close() != nil || err != nil || filepath.Base(r.Content[0].File) != want {
			t.Fatalf("force %v: %+v, %v", force, r.Content[0], err)
		}
		info, err := os.Lstat(r.Content[0].File)
		if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("force %v: %v, %v", force, info.Mode(), err)
		}
		if kept, err := os.ReadFile(secret); err != nil || string(kept) != "secret" {
			t.Errorf("force %v: %q, %v", force, kept, err)
		}
	}
}

func TestFolderBounds(t *testing.T) {
	f, err := openFolder(t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	many := &Result{Content: make([]Content, maxFiles+5)}
	for i := range many.Content {
		many.Content[i] = Content{Type: "image", Data: "eA=="}
	}
	if err := f.save(many, "a", "b"); err == nil || !strings.Contains(err.Error(), "more than 1000") {
		t.Errorf("%v", err)
	}
	if err := f.save(&Result{Content: []Content{{Type: "image", Data: "!"}}}, "a", "b"); err == nil {
		t.Error("what is no base64 is written")
	}
	if _, err := openFolder(filepath.Join(t.TempDir(), "x\x00"), false); err == nil {
		t.Error("a folder that cannot be is made")
	}
}

// TestFolderWhole: a part that is malformed does not keep the others from their files,
// and of one that cannot be written nothing is left.
func TestFolderWhole(t *testing.T) {
	dir := t.TempDir()
	f, err := openFolder(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := &Result{Content: []Content{{Type: "image", Data: "!"}, {Type: "audio", Data: "eA=="}, {Type: "image", Data: "?"}, {Type: "resource", Text: "x"}}}
	if err := f.save(r, "a", "b"); err == nil || !strings.Contains(err.Error(), "part 1 of") {
		t.Errorf("%v", err)
	}
	for i, c := range r.Content {
		if (c.File != "") != (i == 1 || i == 3) {
			t.Errorf("part %d is in %q", i+1, c.File)
		}
	}
	file, err := f.root.Create("half")
	if err != nil || file.Close() != nil {
		t.Fatal(err)
	}
	if err := f.fill(file, "half", []byte("x")); err == nil { // it is closed
		t.Error("it was written")
	}
	if _, err := os.Stat(filepath.Join(dir, "half")); err == nil {
		t.Error("something is left")
	}
}
