// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package plainfile

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// place is a folder with one file in it, which a case changes.
type place struct {
	*testing.T
	path string
}

func newPlace(t *testing.T) place {
	t.Chdir(t.TempDir())
	return place{t, "file"}
}

func (p place) do(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p place) file(mode fs.FileMode, uid int) {
	p.Helper()
	p.do(os.WriteFile(p.path, []byte("text"), 0o600))
	p.do(os.Chmod(p.path, mode))
	p.give(p.path, uid)
}

func (p place) give(path string, uid int) {
	p.Helper()
	if uid == me() {
		return
	}
	if err := os.Chown(path, uid, -1); err != nil {
		p.Skipf("this user cannot give files away: %v", err)
	}
}

const other = 4711 // a user id

var everyTrust = []Trust{Named, Given, GivenKey, Own}

// TestKinds puts what is no file in the place of one, for each trust: it is
// refused before it is opened, which would wait for ever for a pipe.
func TestKinds(t *testing.T) {
	for kind, put := range map[string]func(p place){
		"a named pipe": func(p place) { p.do(syscall.Mkfifo(p.path, 0o600)) },
		"a directory":  func(p place) { p.do(os.Mkdir(p.path, 0o700)) },
		"a socket": func(p place) {
			listener, err := net.Listen("unix", p.path)
			p.do(err)
			p.Cleanup(func() { _ = listener.Close() })
		},
		"a device": func(p place) { p.path = "/dev/zero" },
	} {
		for _, link := range []bool{false, true} {
			for _, trust := range everyTrust {
				t.Run(kind, func(t *testing.T) {
					p := newPlace(t)
					path, want := p.path, kind
					if kind == "a device" {
						path = "/dev/zero"
					} else {
						put(p)
					}
					if link {
						p.do(os.Symlink(path, "link"))
						path = "link"
						if trust == Own {
							want = "a symlink"
						}
					}
					_, readErr := Read(path, trust, 10)
					_, checkErr := Check(path, trust)
					for _, err := range []error{readErr, checkErr} {
						var e *KindError
						if !errors.As(err, &e) || *e != (KindError{Path: path, Kind: want, Named: trust != Own}) {
							t.Errorf("trust %d, link %v: %v; want %s", trust, link, err, want)
						}
					}
				})
			}
		}
	}
}

// TestReplacedBetween has the pipe take the file's place after it was looked at:
// opening does not wait, and what was opened is looked at again.
func TestReplacedBetween(t *testing.T) {
	p := newPlace(t)
	p.do(syscall.Mkfifo(p.path, 0o600))
	f, err := os.OpenFile(p.path, os.O_RDONLY|noWait, 0)
	p.do(err)
	defer f.Close()
	info, err := f.Stat()
	p.do(err)
	var e *KindError
	if err := check(p.path, info, Named); !errors.As(err, &e) {
		t.Errorf("%v; want a refusal", err)
	}
	p.do(os.Symlink(p.path, "link"))
	if _, err := os.OpenFile("link", LockFlags, 0o600); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a lock behind a symlink: %v", err)
	}
}

// TestTrust is who may own a file, and what others may do with it.
func TestTrust(t *testing.T) {
	const mine = -1
	for _, tc := range []struct {
		name    string
		owner   int
		mode    fs.FileMode
		folder  fs.FileMode
		owned   bool // the folder is the owner's
		accepts []Trust
	}{
		{"my own", mine, 0o600, 0o755, false, everyTrust},
		{"my own, read-only", mine, 0o400, 0o755, false, everyTrust},
		{"my own, executable", mine, 0o700, 0o755, false, everyTrust},
		{"the group reads", mine, 0o640, 0o755, false, []Trust{Named, Given}},
		{"everybody reads", mine, 0o644, 0o755, false, []Trust{Named, Given}},
		{"the group writes, as with tsh's profiles", mine, 0o660, 0o755, false, []Trust{Named, Given}},
		{"everybody writes", mine, 0o646, 0o755, false, []Trust{Named}},
		{"another's", other, 0o644, 0o755, false, []Trust{Named}},
		{"another's in a folder of his, as of tbot", other, 0o640, 0o750, true, []Trust{Named, Given, GivenKey}},
		{"another's in a folder for all", other, 0o644, 0o1777, true, []Trust{Named}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPlace(t)
			owner := tc.owner
			if owner == mine {
				owner = me()
			}
			p.path = filepath.Join("folder", "file")
			p.do(os.Mkdir("folder", 0o700))
			p.file(tc.mode, owner)
			p.do(os.Chmod("folder", tc.folder))
			if tc.owned {
				p.give("folder", owner)
			}
			for _, trust := range everyTrust {
				wanted := false
				for _, accepted := range tc.accepts {
					wanted = wanted || accepted == trust
				}
				data, err := Read(p.path, trust, 4)
				if wanted != (err == nil && string(data) == "text") {
					t.Errorf("trust %d: %q, %v", trust, data, err)
				}
			}
		})
	}
}

// TestMakeDir: nothing is made in a base that is another's, or that others may write
// to, and no folder in it is used that they may look into.
func TestMakeDir(t *testing.T) {
	for _, tc := range []struct {
		name         string
		base, folder fs.FileMode // 0: there is none
		owner        int
		made         bool
	}{
		{"nothing is there", 0, 0, me(), true},
		{"others may look", 0o755, 0, me(), true},
		{"it is there", 0o700, 0o700, me(), true},
		{"others may write", 0o757, 0, me(), false},
		{"the group may write", 0o770, 0, me(), false},
		{"everybody's, as /tmp", 0o1777, 0, me(), false},
		{"another's", 0o700, 0, other, false},
		{"others may look into it", 0o700, 0o755, me(), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPlace(t)
			folder := filepath.Join("base", "of", "folder")
			if tc.base != 0 {
				p.do(os.Mkdir("base", 0o700))
			}
			if tc.folder != 0 {
				p.do(errors.Join(os.MkdirAll(folder, 0o700), os.Chmod(folder, tc.folder)))
			}
			if tc.base != 0 {
				p.do(os.Chmod("base", tc.base))
				p.give("base", tc.owner)
			}
			for range 2 {
				if err := MakeDir("base", folder); tc.made != (err == nil) {
					t.Errorf("made: %v", err)
				}
			}
			if _, err := os.Stat(filepath.Join("base", "of")); !tc.made && tc.folder == 0 && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something was made all the same: %v", err)
			}
		})
	}
	p := newPlace(t)
	p.do(os.Mkdir("base", 0o755))
	for _, base := range []string{"base", "base/", "./base"} {
		if err := MakeDir(base, "base"); err != nil {
			t.Errorf("%s itself: %v", base, err)
		}
	}
}

// TestRootsKey is a secret that Kubernetes has mounted: it is root's, and a
// group's. To root itself it is a key of its own, which nobody else may read.
func TestRootsKey(t *testing.T) {
	p := newPlace(t)
	p.file(0o440, 0)
	_, err := Read(p.path, GivenKey, 10)
	var mode *ModeError
	if me() == 0 != errors.As(err, &mode) {
		t.Errorf("as user %d: %v", me(), err)
	}
}

func TestLimit(t *testing.T) {
	p := newPlace(t)
	p.file(0o600, me())
	if data, err := Read(p.path, Own, 4); err != nil || string(data) != "text" {
		t.Errorf("%q, %v", data, err)
	}
	var size *SizeError
	if _, err := Read(p.path, Own, 3); !errors.As(err, &size) {
		t.Errorf("%v; want a refusal", err)
	}
	if _, err := Read("missing", Own, 3); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v; want ErrNotExist", err)
	}
}

// TestHints names the command that mends each mode.
func TestHints(t *testing.T) {
	for want, e := range map[string]*ModeError{
		"nobody but you may read it: chmod -R go= x":       {Path: "x", Mode: 0o644, Want: OwnMode},
		"nobody but you may change it: chmod go-w 'it is'": {Path: "it is", Mode: 0o777, Want: baseMode},
		"not everybody may change it: chmod o-w x":         {Path: "x", Mode: 0o666, Want: givenMode},
	} {
		if got := e.Hints(); len(got) != 1 || got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
