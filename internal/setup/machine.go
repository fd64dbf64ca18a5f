// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package setup decides what tshmcp config does: which servers get entries in
// which clients' files, what is in the entries, what a removal takes out, and
// what a person should be warned of. It returns plans and outcomes; what is
// printed of them, and asked, is that of package configure.
package setup

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// Prefix makes entries of tshmcp recognisable in a client's file.
const Prefix = "teleport-mcp-"

// Machine is what decides about entries on this machine.
type Machine struct {
	settings.Env
	Getwd      func() (string, error)       // the project's folder
	LookPath   func(string) (string, error) // in PATH
	Executable func() (string, error)       // path of this program
	CalledAs   func() (string, error)       // the same as it was called: absolute, symlinks kept

	// Run starts a program and returns what it prints.
	Run func(ctx context.Context, command string, args ...string) (string, error)
}

// Short is a path with ~ for the home directory, where shells know that.
func (m *Machine) Short(path string) string {
	if rest, ok := strings.CutPrefix(path, m.Home+"/"); ok && m.Home != "" && m.GOOS != "windows" {
		return "~/" + rest
	}
	return path
}

func (m *Machine) clientEnv() clientcfg.Env {
	return clientcfg.Env{GOOS: m.GOOS, Home: m.Home, Getenv: m.Getenv}
}

// Command is an absolute path of this program that survives an upgrade: a
// package manager's symlink stays, its versioned target does not.
func (m *Machine) Command() (string, error) {
	exe, err := m.Executable()
	if err != nil {
		return "", err
	}
	if image, ok := m.appImage(exe); ok {
		return image, nil
	}
	best := exe
	if called, err := m.CalledAs(); err == nil && sameFile(called, exe) {
		best = called
	}
	if throughLink(best) {
		return best, nil
	}
	for _, path := range m.lastingPaths(exe) {
		if sameFile(path, exe) && throughLink(path) {
			return path, nil
		}
	}
	return best, nil
}

// appImage is the file of an AppImage whose mount this program runs in.
func (m *Machine) appImage(exe string) (string, bool) {
	image, mount := m.Getenv("APPIMAGE"), m.Getenv("APPDIR")
	if m.GOOS != "linux" || !filepath.IsAbs(image) || mount == "" || !strings.HasPrefix(exe, strings.TrimRight(mount, "/")+"/") {
		return "", false
	}
	_, err := os.Stat(image)
	return image, err == nil
}

// lastingPaths are where package managers have a link to the version of a
// program that is current, by the program's versioned path.
func (m *Machine) lastingPaths(exe string) []string {
	var all []string
	// Homebrew, Nix and the like: the program of the same name in PATH.
	if path, err := m.LookPath(filepath.Base(exe)); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			all = append(all, path)
		}
	}
	// Scoop: apps/NAME/VERSION/tshmcp.exe beside the junction apps/NAME/current.
	return append(all, filepath.Join(filepath.Dir(exe), "..", "current", filepath.Base(exe)))
}

// throughLink reports whether one of the last parts of a path, which a package
// manager may have made, is a link. A linked home directory is none of them.
func throughLink(path string) bool {
	for range 3 {
		info, err := os.Lstat(path)
		// A junction of Windows is an irregular file to Go.
		if err == nil && info.Mode()&(os.ModeSymlink|os.ModeIrregular) != 0 {
			return true
		}
		path = filepath.Dir(path)
	}
	return false
}

func sameFile(a, b string) bool {
	fileA, errA := os.Stat(a)
	fileB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(fileA, fileB)
}
