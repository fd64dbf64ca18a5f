// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestHardLink: a file of two names stays one.
func TestHardLink(t *testing.T) {
	folder := t.TempDir()
	path, other := filepath.Join(folder, "mcp.json"), filepath.Join(folder, "dotfiles.json")
	writeFile(t, path, oldFile, 0o640)
	if err := os.Link(path, other); err != nil {
		t.Skip("no hard links here: ", err)
	}
	result, err := testClient.Write(path, entryFor("x"), Options{})
	if err != nil || !result.Changed || result.InPlace != severalNames || readFile(t, result.Backup) != oldFile {
		t.Fatalf("%+v, %v", result, err)
	}
	if content := readFile(t, other); content != edited(t, oldFile, entryFor("x")) {
		t.Errorf("under the other name there is %q", content)
	}
	if links(path) != 2 {
		t.Errorf("%d names", links(path))
	}
	// What gets shorter is cut off.
	if result, err = testClient.removeFrom(other, []string{"x"}, Options{}); err != nil || result.InPlace == "" || readFile(t, path) != oldFile {
		t.Errorf("%+v, %v: %q", result, err, readFile(t, path))
	}
	for _, name := range names(t, folder) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("left behind: %s", name)
		}
	}
}

// TestHardLinkForeign: what another program writes meanwhile is not written over.
func TestHardLinkForeign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	writeFile(t, path, oldFile, 0o600)
	if err := os.Link(path, path+".other"); err != nil {
		t.Skip("no hard links here: ", err)
	}
	newer := `{"mcpServers": {"newer": {"command": "npx"}}}`
	once := false
	_, err := testClient.Write(path, entryFor("x"), Options{afterLook: func() {
		if !once {
			once = true
			writeFile(t, path, newer, 0o600)
		}
	}})
	if content := readFile(t, path); err != nil || content != edited(t, newer, entryFor("x")) {
		t.Errorf("%v: %q", err, content)
	}
}

// breaking is a file whose disk fails: at the first write only, or for good.
type breaking struct {
	content []byte
	calls   int
	forGood bool
}

func (b *breaking) WriteAt(data []byte, _ int64) (int, error) {
	if b.calls++; b.calls == 1 || b.forGood {
		n := copy(b.content, data[:len(data)/2])
		return n, syscall.ENOSPC
	}
	b.content = append([]byte(nil), data...)
	return len(data), nil
}
func (b *breaking) Truncate(int64) error { return nil }
func (b *breaking) Sync() error          { return nil }

// TestOverwriteFails: half a file is made whole again, or it is said where the
// whole is.
func TestOverwriteFails(t *testing.T) {
	for _, forGood := range []bool{false, true} {
		f := &breaking{content: []byte(oldFile), forGood: forGood}
		err := writeOver(f, []byte(strings.Repeat("new ", 100)), []byte(oldFile))
		var damaged *DamagedError
		if !errors.Is(err, syscall.ENOSPC) || errors.As(err, &damaged) != forGood {
			t.Errorf("for good %t: %v", forGood, err)
		}
		if !forGood && string(f.content) != oldFile {
			t.Errorf("the file has %q", f.content)
		}
	}
}
