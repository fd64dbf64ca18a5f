// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// launch is how an entry starts this program.
type launch struct {
	command string
	distro  string // of Linux in which the program is, seen from a client on Windows; "": the client is where it is
}

// launchFor says how the client of a target starts this program.
func launchFor(p *Planner, t Target) (launch, error) {
	m := p.Machine
	switch {
	case t.Shared:
		return launch{command: "tshmcp"}, nil // whose place differs from person to person
	case m.isLinuxFileOnWindows(t.File):
		return launch{}, &OtherSystemError{File: t.File}
	}
	if why := Passing(p.Options.Self); why != "" {
		return launch{}, &PassingError{Command: p.Options.Self, Why: why}
	}
	l := launch{command: p.Options.Self}
	if m.isWindowsFileOnLinux(t) {
		if l.distro = m.Getenv("WSL_DISTRO_NAME"); l.distro == "" {
			return l, &OtherSystemError{File: t.File, Windows: true}
		}
	}
	return l, nil
}

// onWindowsDrive matches what Linux in Windows has the drives of Windows under.
var onWindowsDrive = pattern.New(`^/mnt/[a-z]/`)

// isWindowsFileOnLinux reports whether a file is that of a client on Windows,
// while this runs in the Linux that Windows has (WSL). One where the client has
// it on Linux is read there.
func (m *Machine) isWindowsFileOnLinux(t Target) bool {
	if m.GOOS != "linux" || m.Getenv("WSL_DISTRO_NAME") == "" && m.Getenv("WSL_INTEROP") == "" {
		return false
	}
	if own, known := clientcfg.Lookup(t.ID); known {
		if path, err := own.Path(m.clientEnv()); err == nil && path == t.File {
			return false
		}
	}
	return onWindowsDrive.MatchString(realPath(t.File))
}

// isLinuxFileOnWindows is the other way round.
func (m *Machine) isLinuxFileOnWindows(file string) bool {
	lower := strings.ToLower(strings.ReplaceAll(file, "/", `\`))
	return m.GOOS == "windows" && (strings.HasPrefix(lower, `\\wsl$\`) || strings.HasPrefix(lower, `\\wsl.localhost\`))
}

// realPath is a path without links, as far as its folders are there.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if parent := filepath.Dir(path); parent != path {
		return filepath.Join(realPath(parent), filepath.Base(path))
	}
	return path
}

// throughWSL is the command line by which a client on Windows starts this program
// in Linux. The environment of Windows does not get there, so env sets it.
func throughWSL(l launch, variables map[string]string, args []string) (command string, words []string) {
	words = []string{"-d", l.distro, "--"}
	first := true
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if variables[name] == "" {
			continue
		}
		if first {
			words, first = append(words, "env"), false
		}
		words = append(words, name+"="+variables[name])
	}
	return "wsl.exe", append(append(words, l.command), args...)
}

// checkWords refuses what would not arrive as it is: between a client on Windows
// and the program in Linux, two shells read the command line.
func (l launch) checkWords(e clientcfg.Entry) error {
	if l.distro == "" {
		return nil
	}
	for _, word := range e.Args {
		if plain.CommandLine("linux", []string{word}) != word {
			return &WordError{Word: word}
		}
	}
	return nil
}

// The places from which a program is gone soon, and what they are.
var passingPlaces = []struct {
	place *pattern.Pattern
	what  string
}{
	{pattern.New(`[/\\]go-build[0-9]+[/\\]`), "go run has built it for this one run"},
	{pattern.New(`[/\\]\.mount_[^/\\]+[/\\]`), "it is in the mount of an AppImage, which goes away with it"},
	{pattern.New(`/AppTranslocation/`), "macOS runs it from a temporary place, since it was not moved after the download"},
	{pattern.New(` \(deleted\)$`), "its file has been deleted or replaced"},
	{pattern.New(`^/(proc|dev/fd)/`), "it has no file"},
	{pattern.New(`^/Volumes/`), "it is on a disk image or a removable disk"},
	{pattern.New(`[/\\]_npx[/\\]|[/\\]\.npm[/\\]_cacache[/\\]`), "it is in a cache of npm"},
}

// Passing says why a program will not be where it is for long; "" if it will.
func Passing(command string) string {
	for _, p := range passingPlaces {
		if p.place.MatchString(command) {
			return p.what
		}
	}
	return ""
}

// inTemp reports whether a path is in a folder for temporary files.
func (m *Machine) inTemp(path string) bool {
	folders := []string{"/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp", "/var/folders", "/private/var/folders", "/dev/shm"}
	if m.GOOS == "windows" {
		folders = nil
	}
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		if dir := m.Getenv(name); dir != "" {
			folders = append(folders, dir)
		}
	}
	tidy := func(path string) string {
		path = strings.TrimRight(strings.ReplaceAll(path, `\`, "/"), "/") + "/"
		if m.GOOS == "windows" {
			path = strings.ToLower(path)
		}
		return path
	}
	return slices.ContainsFunc(folders, func(dir string) bool { return strings.HasPrefix(tidy(path), tidy(dir)) })
}
