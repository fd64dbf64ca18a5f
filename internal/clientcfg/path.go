// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// Env is the part of the system that decides where a client's file is. Paths
// are written as GOOS writes them, whatever system this runs on.
type Env struct {
	GOOS   string                                 // "" means this system
	Home   string                                 // the person's home directory
	Getenv func(string) string                    // nil: no variable is set
	Exists func(path string) bool                 // nil: asks the file system
	Glob   func(pattern string) ([]string, error) // nil: filepath.Glob
	Read   func(path string) ([]byte, error)      // nil: the file system, small files only
}

// place is one path that a client's file may have. path is written with
// slashes and starts with $ and the name of a base directory; if that is an
// environment variable and unset, the place does not apply. $@FILE is the
// directory that a file in the home directory names. A * stands for part of a
// folder's name, and | separates paths of the same rank: if more than one of
// them is there, it cannot be told which one counts.
type place struct {
	path string
	when when
}

// when is the condition under which a place applies.
type when int

const (
	always          when = iota
	fileExists           // the file is there
	folderExists         // the folder that would hold the file is there
	ownFolderExists      // the same, and it is not one of all programs
)

// Path returns where the client keeps the config file of this person. The file
// need not exist. Errors: *[AmbiguousPathError], *[NoFileError], or a sentence
// naming the variable that is missing or not absolute.
func (c Client) Path(env Env) (string, error) {
	if c.file != "" {
		return c.file, nil
	}
	if c.PrintOnly {
		return "", &NoFileError{Client: c.Name, Reason: c.PrintReason}
	}
	env = env.withDefaults()
	path, err := env.first(c.Name, onSystem(c.places, env.GOOS))
	if path == "" && err == nil {
		err = &NoFileError{Client: c.Name, Reason: cmp.Or(c.nowhere, "none is known")}
	}
	return path, err
}

// onSystem returns what is meant for a system, or else for all without their own.
func onSystem[T any](bySystem map[string]T, goos string) T {
	if v, ok := bySystem[goos]; ok {
		return v
	}
	return bySystem[""]
}

// first returns the path of the first place of a client's that applies, "" if none
// does.
func (env Env) first(client string, places []place) (string, error) {
	for _, p := range places {
		found, err := env.find(p)
		if err != nil {
			return "", fmt.Errorf("%s: %w", client, err)
		}
		if len(found) > 1 {
			slices.Sort(found)
			return "", &AmbiguousPathError{Client: client, Paths: found}
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return "", nil
}

func (env Env) withDefaults() Env {
	if env.GOOS == "" {
		env.GOOS = runtime.GOOS
	}
	if env.Getenv == nil {
		env.Getenv = func(string) string { return "" }
	}
	if env.Exists == nil {
		env.Exists = func(path string) bool { _, err := plainfile.Stat(path); return err == nil }
	}
	if env.Glob == nil {
		env.Glob = filepath.Glob
	}
	if env.Read == nil {
		env.Read = readSmall
	}
	return env
}

// find returns the paths that p stands for, none if it does not apply.
func (env Env) find(p place) ([]string, error) {
	var all []string
	for path := range strings.SplitSeq(p.path, "|") {
		found, err := env.findOne(place{path, p.when})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (env Env) findOne(p place) ([]string, error) {
	variable, rest, _ := strings.Cut(strings.TrimPrefix(p.path, "$"), "/")
	base, err := env.base(variable)
	if base == "" || err != nil {
		return nil, err
	}
	folder, file := rest[:max(0, strings.LastIndexByte(rest, '/'))], rest[strings.LastIndexByte(rest, '/')+1:]
	wanted := rest
	switch {
	case p.when == ownFolderExists && folder == "" && slices.Contains(sharedFolders, variable):
		return nil, nil
	case p.when == folderExists, p.when == ownFolderExists:
		wanted = folder
	}
	var found []string
	switch {
	case p.when == always:
		found = []string{env.join(base, wanted)}
	case strings.Contains(wanted, "*"):
		if found, err = env.Glob(env.join(literal.Replace(base), wanted)); err != nil {
			return nil, fmt.Errorf("search the config file: %w", err)
		}
	case env.Exists(env.join(base, wanted)):
		found = []string{env.join(base, wanted)}
	}
	if p.when == folderExists {
		for i := range found {
			found[i] = env.join(found[i], file)
		}
	}
	return found, nil
}

// sharedFolders have the files of many programs.
var sharedFolders = []string{"HOME", "XDG_CONFIG_HOME", "FLATPAK_XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"}

// literal quotes a path for [filepath.Glob]. A class of one works on every
// system, a backslash does not.
var literal = strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")

// base returns a base directory; "" means that it does not apply here.
func (env Env) base(name string) (string, error) {
	value := env.Getenv(name)
	switch name {
	case "HOME":
		return env.home("")
	case "APPDATA", "LOCALAPPDATA":
		if value == "" {
			return env.home(map[string]string{"APPDATA": "AppData/Roaming", "LOCALAPPDATA": "AppData/Local"}[name])
		}
	case "XDG_CONFIG_HOME":
		// The XDG specification says that a relative value is to be ignored.
		if !env.isAbs(value) {
			return env.home(".config")
		}
	case "FLATPAK_XDG_CONFIG_HOME", "GOOSE_PATH_ROOT":
		if !env.isAbs(value) {
			return "", nil // as Zed and Goose do
		}
	}
	if file, ok := strings.CutPrefix(name, "@"); ok {
		return env.pointer(file)
	}
	if value != "" && !env.isAbs(value) {
		return "", errcode.Errorf(errcode.FileNotFound, "%s is not an absolute path", name)
	}
	return value, nil
}

// pointer returns the directory that a file in the home directory names, "" if
// it names none.
func (env Env) pointer(file string) (string, error) {
	path, err := env.home(file)
	if err != nil || !env.Exists(path) {
		return "", err
	}
	data, err := env.Read(path)
	if dir := strings.TrimSpace(string(data)); err == nil && env.isAbs(dir) {
		return dir, nil
	}
	return "", nil
}

func (env Env) home(rest string) (string, error) {
	if env.Home == "" {
		return "", errcode.New(errcode.FileNotFound, "the home directory is not known")
	}
	return env.join(env.Home, rest), nil
}

// join appends rest, written with slashes, to base.
func (env Env) join(base, rest string) string {
	separators, separator := "/", "/"
	if env.GOOS == "windows" {
		separators, separator = `/\`, `\`
	}
	if rest == "" {
		return base
	}
	return strings.TrimRight(base, separators) + separator + strings.ReplaceAll(rest, "/", separator)
}

func (env Env) isAbs(path string) bool {
	if env.GOOS != "windows" {
		return strings.HasPrefix(path, "/")
	}
	drive := len(path) > 2 && path[1] == ':' && strings.ContainsRune(`/\`, rune(path[2]))
	return drive || strings.HasPrefix(path, `\\`)
}
