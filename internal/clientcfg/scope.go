// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"cmp"
	"strings"
)

// Scope is whose config file is meant.
type Scope string

// The scopes of a config file.
const (
	UserScope    Scope = "user"    // of this person; "" means this too
	ProjectScope Scope = "project" // of one project, shared with those who work on it
)

// projectFile is how a project's file differs from the user's.
type projectFile struct {
	places  []place  // with $PROJECT for the project's folder; nil: Client.Project
	format  Format   // "" as the user's
	layouts []layout // nil as the user's
}

// notice is a file besides the client's own that a person should know of.
type notice struct {
	path    string // as place.path, or as it is
	effect  string // a sentence
	instead bool   // only if the client's own file is not there
}

// In returns the client for a scope: itself for the user, or the client with
// the file, the format and the After of the project whose folder is dir, an
// absolute path. Errors: *[NoFileError], *[AmbiguousPathError].
func (c Client) In(env Env, scope Scope, dir string) (Client, error) {
	if scope != ProjectScope {
		return c, nil
	}
	if c.Project == "" || c.PrintOnly {
		return Client{}, &NoFileError{Client: c.Name, Reason: cmp.Or(c.PrintReason, "it has none for a project")}
	}
	p := c.project
	if p == nil {
		p = &projectFile{}
	}
	places := p.places
	if places == nil {
		places = []place{{path: "$PROJECT/" + c.Project}}
	}
	env = env.withDefaults()
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		if name == "PROJECT" {
			return dir
		}
		return getenv(name)
	}
	path, err := env.first(c.Name, places)
	if err != nil {
		return Client{}, err
	}
	c.file, c.Shared, c.Root = path, true, dir
	c.Format = cmp.Or(p.format, c.Format)
	c.After = cmp.Or(c.ProjectAfter, c.After)
	if p.layouts != nil {
		c.layouts, c.preamble = p.layouts, ""
	}
	return c, nil
}

// Installed reports whether the client seems to be installed: its config file
// is there, or its folder.
func (c Client) Installed(env Env) bool {
	env = env.withDefaults()
	var all []place
	for _, mark := range c.marks {
		all = append(all, place{path: mark, when: fileExists})
	}
	for _, p := range onSystem(c.places, env.GOOS) {
		all = append(all, place{path: p.path, when: fileExists})
		if len(c.marks) == 0 {
			all = append(all, place{path: p.path, when: ownFolderExists})
		}
	}
	for _, p := range all {
		if found, err := env.find(p); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}

// Managed returns the path of a file that is there and because of which ours has
// no effect, or another one than it seems: an administrator's, or an older one
// of the client; "" if there is none. effect is a sentence about it.
func (c Client) Managed(env Env) (path, effect string) {
	env = env.withDefaults()
	n := onSystem(c.managed, env.GOOS)
	found := []string{n.path}
	if strings.HasPrefix(n.path, "$") {
		found, _ = env.find(place{path: n.path, when: fileExists})
	}
	if len(found) != 1 || n.path == "" || !env.Exists(found[0]) {
		return "", ""
	}
	if own, err := c.Path(env); n.instead && err == nil && env.Exists(own) {
		return "", ""
	}
	return found[0], n.effect
}
