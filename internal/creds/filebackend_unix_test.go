// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package creds

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

func TestModes(t *testing.T) {
	s, _ := newStore(t)
	p := profileOf("alice", File)
	saveLogin(t, s, p, "login")
	saveApp(t, s, p, "grafana", "grafana")
	unlock, err := s.Lock(t.Context(), "login")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	seen := 0
	err = filepath.WalkDir(s.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		seen++
		info, err := d.Info()
		if err != nil {
			return err
		}
		if want := map[bool]fs.FileMode{true: dirMode, false: fileMode}[d.IsDir()]; info.Mode().Perm() != want {
			t.Errorf("%s has mode %#o, want %#o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil || seen < 11 {
		t.Errorf("%d files, %v", seen, err)
	}
}

func TestWideModes(t *testing.T) {
	for _, mode := range []fs.FileMode{0o001, 0o004, 0o020, 0o040} {
		for _, dir := range []bool{true, false} {
			s, _ := newStore(t)
			p := profileOf("alice", File)
			saveLogin(t, s, p, "login")
			saveApp(t, s, p, "grafana", "grafana")
			path, want := filepath.Join(s.Dir, "store"), dirMode
			if !dir {
				path, want = fileBackend{s.dir()}.path(loginAccount(&p)), fileMode
			}
			if err := os.Chmod(path, want|mode); err != nil {
				t.Fatal(err)
			}
			_, loginErr := s.Login(t.Context(), &p)
			for what, err := range map[string]error{"read": loginErr, "write": s.SaveLogin(t.Context(), p, pairOf("next"))} {
				var me *plainfile.ModeError
				if !errors.As(err, &me) || *me != (plainfile.ModeError{Path: path, Mode: want | mode, Want: want}) || errors.Is(err, ErrNotFound) {
					t.Errorf("%s of %s with mode %#o: %v", what, path, want|mode, err)
				}
			}
			if err := s.DeleteLogin(t.Context(), ""); err != nil {
				t.Errorf("logout: %v", err)
			}
			if files, err := os.ReadDir(filepath.Join(s.Dir, "store")); err != nil || len(files) > 0 {
				t.Errorf("logout left %v, %v", files, err)
			}
		}
	}
}
