// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// ForPath returns the client that reads the file at path, an absolute path: one
// that keeps its servers at such a place, or else one that the content tells,
// which [Client.Write] finds out. [Client.Path] of the result is path. A file of
// a client that reads its servers from another one is a *[WrongFileError].
func ForPath(path string) (Client, error) {
	named := nameOf(runtime.GOOS, path)
	for _, w := range wrongFiles() {
		if named.matchesAny(w.files) {
			return Client{}, &WrongFileError{File: path, Client: w.client, Right: w.right(path)}
		}
	}
	for _, all := range [][]Client{table(), relatives()} {
		for _, c := range all {
			if named.matchesAny(c.files) {
				return clientOf(c, path), nil
			}
		}
	}
	c := anyFile()
	switch c.Format = formatByName(path); c.Format {
	case TOML:
		c.layouts = []layout{ifFound(codexServers)}
	case YAML:
		c.layouts = []layout{ifLike(gooseServers, hasServers), ifFound(continueServers), ifFound(mcpServers)}
	}
	return clientOf(c, path), nil
}

// clientOf is the client with the file at path. One at the place of a project's file is
// that of a project, if it is not the client's own.
func clientOf(c Client, path string) Client {
	c.file = path
	below := 0 // so many folders of the project
	if c.Project != "" && nameOf(runtime.GOOS, path).matches(c.Project) {
		c.Shared, c.After = true, cmp.Or(c.ProjectAfter, c.After)
		below = strings.Count(c.Project, "/")
	}
	if c.Shared {
		c.Root = filepath.Dir(path)
		for range below {
			c.Root = filepath.Dir(c.Root)
		}
	}
	return c
}

// fileName are the folders and the file of a path of any system.
type fileName struct {
	parts  []string
	folded bool // upper and lower case are the same
}

// aWindowsPath is one with a drive, a share, or a drive of Windows in WSL.
var aWindowsPath = pattern.New(`^([A-Za-z]:|\\\\|/mnt/[A-Za-z]/)`)

// nameOf is a path on that system. macOS and Windows do not tell names apart by case,
// and Linux does.
func nameOf(goos, path string) fileName {
	n := fileName{folded: goos == "darwin" || goos == "windows" || aWindowsPath.MatchString(path)}
	n.parts = n.split(strings.ReplaceAll(path, `\`, "/"))
	return n
}

func (n fileName) split(path string) []string {
	if n.folded {
		path = strings.ToLower(path)
	}
	return strings.Split(path, "/")
}

// matchesAny reports whether the last parts match one of the patterns, which are
// written with slashes and whose parts may have a *.
func (n fileName) matchesAny(patterns []string) bool { return slices.ContainsFunc(patterns, n.matches) }

func (n fileName) matches(pattern string) bool {
	want := n.split(pattern)
	if len(n.parts) < len(want) {
		return false
	}
	for i, part := range n.parts[len(n.parts)-len(want):] {
		if ok, err := path.Match(want[i], part); !ok || err != nil {
			return false
		}
	}
	return true
}

// ForShape is [ForPath] for somebody who knows better: the file at path has the
// shape of the files of the client with that id, or the usual one without an id,
// and its servers under key, if that is not empty. Errors: *[ShapeError].
func ForShape(path, id string, key []string) (Client, error) {
	known, err := ForPath(path)
	if err != nil || known.Name == unknownName {
		known = clientOf(anyFile(), path)
		known.Format = formatByName(path)
	}
	shape, ok := Lookup(id)
	switch {
	case id == "":
		shape = known
		shape.layouts = []layout{mcpServers}
	case !ok:
		return Client{}, &ShapeError{Msg: fmt.Sprintf("there is no MCP client %q", id)}
	case !agree(shape.Format, formatByName(path)):
		return Client{}, &ShapeError{Msg: fmt.Sprintf("%s reads %s, and %s is none by its name", shape.Name, strings.ToUpper(string(shape.Format)), path)}
	}
	if len(key) > 0 {
		first := shape.layouts[len(shape.layouts)-1]
		shape.layouts = []layout{{key: key, list: first.list, shape: first.shape}}
	}
	shape.file, shape.Shared, shape.Root = path, known.Shared, known.Root
	shape.places, shape.managed, shape.PrintOnly, shape.PrintReason = nil, nil, false, ""
	return shape, nil
}

// formatByName is what the name of a file tells of its syntax.
func formatByName(path string) Format {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".toml":
		return TOML
	case ".yaml", ".yml":
		return YAML
	}
	return JSONC
}

// agree reports whether two formats are one, comments aside.
func agree(a, b Format) bool {
	isJSON := func(f Format) bool { return f != TOML && f != YAML }
	return a == b || isJSON(a) && isJSON(b)
}
