// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// command is an absolute path of this binary that survives an upgrade: a
// package manager's symlink stays, its versioned target does not.
func (o *configOptions) command() (string, error) {
	exe, err := o.executable()
	if err != nil {
		return "", err
	}
	best := exe
	if called, err := o.calledAs(); err == nil && sameFile(called, exe) {
		best = called
	}
	if throughLink(best) {
		return best, nil
	}
	for _, path := range lastingPaths(exe) {
		if sameFile(path, exe) && throughLink(path) {
			return path, nil
		}
	}
	return best, nil
}

// lastingPaths are where package managers have a link to the version of a
// program that is current, by the program's versioned path.
func lastingPaths(exe string) []string {
	var all []string
	// Homebrew, Nix and the like: the program of the same name in PATH.
	if path, err := exec.LookPath(filepath.Base(exe)); err == nil {
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

// vendorCommand is the command line with which the client's own tool makes an
// entry, or empty if it has none or cannot say everything that is in the entry.
func (o *configOptions) vendorCommand(client clientcfg.Client, name string, e clientcfg.Entry) string {
	if !strings.HasSuffix(client.VendorCLI, "NAME -- COMMAND ARGS") || len(e.Env)+len(e.EnvVars) > 0 {
		return ""
	}
	words := strings.Fields(strings.TrimSuffix(client.VendorCLI, "NAME -- COMMAND ARGS"))
	words = append(words, name, "--", e.Command)
	return commandLine(o.goos, append(words, e.Args...))
}

// plainWord matches what no shell changes.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/@+%"

// commandLine is what a person can paste into a shell of that system.
func commandLine(goos string, words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		plain := word != "" && strings.Trim(word, plainWord) == ""
		switch {
		case goos == "windows" && word != "" && strings.Trim(word, plainWord+`\`) == "", plain:
			quoted[i] = word
		case goos == "windows":
			quoted[i] = `"` + strings.ReplaceAll(word, `"`, `\"`) + `"`
		default:
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
