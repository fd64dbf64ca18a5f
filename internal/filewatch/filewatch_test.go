// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// home has a folder "state" with a file "login", a symlink "link" to it, and nothing
// of the name "later".
func home(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	must(t, os.MkdirAll(filepath.Join(dir, "state", "inner"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "state", "login"), []byte("alice"), 0o600))
	if err := os.Symlink("state", filepath.Join(dir, "link")); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFollow is each thing that can happen to a file that is followed.
func TestFollow(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		change func(at func(...string) string) error
	}{
		"written in place": {"state/login", func(at func(...string) string) error {
			return os.WriteFile(at("state", "login"), []byte("carol"), 0o600)
		}},
		"replaced": {"state/login", func(at func(...string) string) error {
			if err := os.WriteFile(at("state", ".new"), nil, 0o600); err != nil {
				return err
			}
			return os.Rename(at("state", ".new"), at("state", "login"))
		}},
		"removed": {"state/login", func(at func(...string) string) error { return os.Remove(at("state", "login")) }},
		"comes":   {"state/other", func(at func(...string) string) error { return os.WriteFile(at("state", "other"), nil, 0o600) }},
		"comes with its folders": {"later/on/login", func(at func(...string) string) error {
			if err := os.MkdirAll(at("later", "on"), 0o700); err != nil {
				return err
			}
			return os.WriteFile(at("later", "on", "login"), nil, 0o600)
		}},
		"in a folder, written in place": {"state", func(at func(...string) string) error {
			return os.WriteFile(at("state", "login"), []byte("carol"), 0o600)
		}},
		"in a folder, comes": {"state", func(at func(...string) string) error { return os.WriteFile(at("state", "other"), nil, 0o600) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFollowing(t, home(t), c.path)
			must(t, c.change(f.at))
			f.wantLook("it was changed")
		})
	}
}

// TestFolderReplaced: what is in the folder that has taken the place of another one is
// followed, at whichever height that happens, and after a time without any.
func TestFolderReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a folder that is watched, or has one in it, cannot be moved there")
	}
	for path, replace := range map[string]func(dir string) error{
		"state/inner/login": func(dir string) error { return swap(filepath.Join(dir, "state", "inner")) },
		"state/login":       func(dir string) error { return swap(filepath.Join(dir, "state")) },
		"state/inner/far":   func(dir string) error { return swap(filepath.Join(dir, "state")) },
		"link/login": func(dir string) error {
			must(t, os.MkdirAll(filepath.Join(dir, "other"), 0o700))
			must(t, os.Symlink("other", filepath.Join(dir, "new")))
			return os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "link"))
		},
	} {
		t.Run(filepath.Base(filepath.Dir(path))+" "+filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			dir := home(t)
			f := startFollowing(t, dir, path)
			must(t, replace(dir))
			f.wantLook("replaced")
			must(t, os.MkdirAll(filepath.Dir(f.at(path)), 0o700))
			must(t, os.WriteFile(f.at(path), []byte("carol"), 0o600))
			f.wantLook("written into the new one")
		})
	}
}

// swap puts an empty folder in the place of one.
func swap(path string) error {
	if err := os.Rename(path, path+".old"); err != nil {
		return err
	}
	return os.Mkdir(path, 0o700)
}

// TestFolderIsGone for a while.
func TestFolderIsGone(t *testing.T) {
	t.Parallel()
	f := startFollowing(t, home(t), "state/login")
	must(t, os.RemoveAll(f.at("state")))
	f.wantLook("removed")
	must(t, os.MkdirAll(f.at("state"), 0o700))
	must(t, os.WriteFile(f.at("state", "login"), nil, 0o600))
	f.wantLook("made again")
}

// following is a Follow that runs.
type following struct {
	*testing.T
	dir, path string
	seen      chan string
}

func startFollowing(t *testing.T, dir, path string) *following {
	t.Helper()
	f := &following{T: t, dir: dir, path: path, seen: make(chan string, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		slow := func() time.Duration { return time.Hour }
		Follow(ctx, slow, func() []string { return []string{f.at(path)} }, func() { f.seen <- f.state() })
	}()
	t.Cleanup(func() { cancel(); <-done })
	f.wantLook("at the beginning")
	return f
}

func (f *following) at(parts ...string) string {
	return filepath.Join(append([]string{f.dir}, parts...)...)
}

// state is what a look finds.
func (f *following) state() (text string) {
	files := []string{f.at(f.path)}
	if inside, err := os.ReadDir(files[0]); err == nil {
		for _, e := range inside {
			files = append(files, f.at(f.path, e.Name()))
		}
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		text += fmt.Sprintf("%s %s %t\n", filepath.Base(file), content, err == nil)
	}
	return text
}

// wantLook waits for one that finds what there is now.
func (f *following) wantLook(what string) {
	f.Helper()
	want, late := f.state(), time.After(20*time.Second)
	for {
		select {
		case got := <-f.seen:
			if got == want {
				return
			}
		case <-late:
			f.Fatalf("%s: nobody has looked", what)
		}
	}
}

// TestBursts: however often something changes, there is one look a second, and as few
// where nothing can be watched as slow says.
func TestBursts(t *testing.T) {
	for _, c := range []struct {
		what watch
		slow time.Duration
		want int
	}{{changed{}, time.Hour, 60}, {unwatched{}, 13 * time.Second, 5}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute-time.Millisecond)
			defer cancel()
			looks := 0
			follow(ctx, func() time.Duration { return c.slow }, func() watch { return c.what }, func() { looks++ })
			if looks != c.want {
				t.Errorf("%T: %d looks in a minute, want %d", c.what, looks, c.want)
			}
		})
	}
}
