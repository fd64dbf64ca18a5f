// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// TestAudit: what would be refused when it is used is found beforehand, and
// nothing is made by looking.
func TestAudit(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	for _, tt := range []struct {
		name   string
		damage func(dir string) error
		wants  func(error) bool
	}{
		{"nothing", func(string) error { return nil }, nil},
		{"a profile that others read", func(dir string) error {
			return os.Chmod(filepath.Join(dir, profileDir, fileName("p:443")+".json"), 0o644)
		}, isMode},
		{"a folder of another program's making", func(dir string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, "servers"), 0o755), os.Chmod(filepath.Join(dir, "servers"), 0o755))
		}, isMode},
		{"everybody may write to it", func(dir string) error { return os.Chmod(dir, 0o777) }, isMode},
		{"a link", func(dir string) error { return os.Symlink("/etc/passwd", filepath.Join(dir, storeDir, "x")) }, func(err error) bool {
			var kind *plainfile.KindError
			return errors.As(err, &kind)
		}},
		{"no profile", func(dir string) error {
			return os.WriteFile(filepath.Join(dir, profileDir, "x.json"), []byte("{"), 0o600)
		}, func(err error) bool { return err != nil && !isMode(err) }},
	} {
		s := &Store{Dir: filepath.Join(t.TempDir(), "state")}
		p := Profile{Proxy: "p:443", Username: "ann", Cluster: "c", Store: File, Expires: time.Now().Add(time.Hour)}
		if err := s.SaveLogin(context.Background(), p, KeyPair{Key: []byte("k"), Cert: []byte("c")}); err != nil {
			t.Fatal(err)
		}
		if err := tt.damage(s.Dir); err != nil {
			t.Fatal(err)
		}
		files, errs := Audit(t.Context(), s)
		switch {
		case tt.wants == nil && (len(errs) > 0 || files < 4):
			t.Errorf("%s: %d files, %v", tt.name, files, errs)
		case tt.wants != nil && (len(errs) != 1 || !tt.wants(errs[0])):
			t.Errorf("%s: %v", tt.name, errs)
		}
	}
	s := &Store{Dir: filepath.Join(t.TempDir(), "none")}
	if files, errs := Audit(t.Context(), s); files != 0 || errs != nil {
		t.Errorf("%d files, %v", files, errs)
	}
	if _, err := os.Stat(s.Dir); err == nil {
		t.Error("the state directory was made by looking for it")
	}
}

func isMode(err error) bool {
	var mode *plainfile.ModeError
	return errors.As(err, &mode)
}

// TestAuditBehindAFile: where a folder of the path is a file, or links lead in a circle,
// the place is named.
func TestAuditBehindAFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"file", "circle"} {
		if name == "circle" && os.Symlink("circle", filepath.Join(dir, name)) != nil {
			continue // links need a privilege on Windows
		}
		state := filepath.Join(dir, name, "tshmcp")
		_, errs := Audit(t.Context(), &Store{Dir: state})
		if len(errs) == 0 && runtime.GOOS == "windows" {
			continue // there a path behind a file is one that is not there
		}
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), state) {
			t.Errorf("%s: %v", name, errs)
		}
	}
}
