// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/usage"
)

// testEnv has these variables, and no others.
func testEnv(goos, home string, variables map[string]string) *Env {
	return &Env{GOOS: goos, Home: home, Getenv: func(name string) string { return variables[name] }}
}

func TestStateDir(t *testing.T) {
	home, other := t.TempDir(), t.TempDir()
	own := filepath.Join(home, ".config", "tshmcp")
	for _, tt := range []struct {
		goos       string
		variables  map[string]string
		want, said string // in an entry
	}{
		{"linux", nil, own, ""},
		{"linux", map[string]string{"XDG_CONFIG_HOME": "relative"}, own, ""},
		{"linux", map[string]string{"XDG_CONFIG_HOME": other}, filepath.Join(other, "tshmcp"), filepath.Join(other, "tshmcp")},
		{"linux", map[string]string{"TSHMCP_HOME": other}, other, other},
		{"linux", map[string]string{"TSHMCP_HOME": own}, own, ""},
		{"darwin", map[string]string{"XDG_CONFIG_HOME": other}, filepath.Join(home, "Library", "Application Support", "tshmcp"), ""},
		{"windows", nil, filepath.Join(home, "AppData", "Roaming", "tshmcp"), ""},
		{"windows", map[string]string{"APPDATA": other}, filepath.Join(other, "tshmcp"), filepath.Join(other, "tshmcp")},
	} {
		e := testEnv(tt.goos, home, tt.variables)
		if got, said := e.StateDir(), e.OwnStateDir(); got != tt.want || said != tt.said {
			t.Errorf("%s %v: %s, in an entry %q", tt.goos, tt.variables, got, said)
		}
	}
}

// TestReadPaths: a ~ in a variable that holds a path is the home directory, one in
// any other is left, and what cannot be a path names its variable.
func TestReadPaths(t *testing.T) {
	e := testEnv("linux", "/home/ann", map[string]string{"TSHMCP_IDENTITY": "~/id", "TELEPORT_HOME": "/tsh", "TSHMCP_PROXY": "~x"})
	if err := e.ReadPaths(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"TSHMCP_IDENTITY": "/home/ann/id", "TELEPORT_HOME": "/tsh", "TSHMCP_PROXY": "~x", "TSHMCP_HOME": ""} {
		if got := e.Getenv(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var wrong *usage.Error
	err := testEnv("linux", "/home/ann", map[string]string{"TSHMCP_HOME": "~bob"}).ReadPaths()
	if !errors.As(err, &wrong) || wrong.Error()[:12] != "TSHMCP_HOME:" {
		t.Errorf("%v", err)
	}
}

// TestRoots: what is no file, or has no end, is refused in the place of the CAs that
// the standard library reads by itself, where it does.
func TestRoots(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, fine := range map[string]bool{"": true, file: true, file + ".gone": true, os.DevNull: true, t.TempDir(): true, "/dev/zero": runtime.GOOS == "windows"} {
		err := testEnv("linux", "/", map[string]string{"SSL_CERT_FILE": path}).ReadPaths()
		var wrong *usage.Error
		if fine != (err == nil) || !fine && (!errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), "SSL_CERT_FILE: "+path)) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if err := testEnv("darwin", "/", map[string]string{"SSL_CERT_FILE": "/dev/zero"}).ReadPaths(); err != nil {
		t.Errorf("where it is not read: %v", err)
	}
}

func TestUpgradeMode(t *testing.T) {
	var wrong *usage.Error
	if _, err := testEnv("linux", "/", map[string]string{UpgradeVariable: "perhaps;"}).UpgradeMode("a:443"); !errors.As(err, &wrong) {
		t.Errorf("%v", err)
	}
}
