// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// A variable of a shell at the beginning of a path, and those of them that are the
// home directory.
var (
	variable = pattern.New(`^(?i:\$\w+|\$\{\w+\}|\$env:\w+|\$\{env:\w+\}|%\w+%)([/\\]|$)`)
	homeName = pattern.New(`^(?i:\$(env:)?(HOME|USERPROFILE)|\$\{(env:)?(HOME|USERPROFILE)\}|%(HOME|USERPROFILE)%)$`)
)

// TypedPath is the path that a person means who types one. A shell replaces a ~
// only where a word begins with it, and not behind --flag= or a comma, nor in
// what a client or a service manager has in its environment; file managers and
// browsers give file:// URLs. What is meant by another person's ~ is not known,
// nor by a variable that nobody has replaced, except for HOME.
func TypedPath(goos, home, typed string) (string, error) {
	if scheme, _, ok := strings.Cut(typed, ":"); ok && strings.EqualFold(scheme, "file") {
		return fromURL(goos, typed)
	}
	separators := "/"
	if goos == "windows" {
		separators = `/\`
	}
	if strings.IndexAny(typed, "$%") == 0 && variable.MatchString(typed) { // few have one, and each command starts here
		name := typed
		if i := strings.IndexAny(typed, separators); i >= 0 {
			name = typed[:i]
		}
		if !homeName.MatchString(name) {
			return "", fmt.Errorf("the variable in %q was not replaced: write the full path (./%s for a file of that name)", typed, typed)
		}
		typed = "~" + strings.TrimPrefix(typed, name)
	}
	rest, ok := strings.CutPrefix(typed, "~")
	if !ok {
		return typed, nil
	}
	user := rest
	if i := strings.IndexAny(rest, separators); i >= 0 {
		user, rest = rest[:i], rest[i:]
	} else {
		rest = ""
	}
	switch {
	case user != "":
		return "", fmt.Errorf("the home directory of %s is not looked up: write the full path instead of %q (./%s for a file of that name)", user, typed, typed)
	case home == "":
		return "", fmt.Errorf("the home directory is not known: write the full path instead of %q", typed)
	}
	return strings.TrimRight(home, separators) + rest, nil
}

// fromURL is the path of a file:// URL.
func fromURL(goos, typed string) (string, error) {
	u, err := url.Parse(typed)
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is not a URL: a %% in it has to be written %%25", typed)
	case u.Opaque != "" || u.Path == "":
		return "", fmt.Errorf("%q is not a path: file:// is followed by a full path, as in file:///home/ann/mcp.json", typed)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("%q is not a path: a ? in it has to be written %%3F and a # %%23", typed)
	case strings.ContainsRune(u.Path, 0):
		return "", errors.New("a path cannot have NUL in it")
	}
	path, host := u.Path, u.Host
	if strings.EqualFold(host, "localhost") {
		host = ""
	}
	if goos != "windows" {
		if host != "" {
			return "", fmt.Errorf("%q is a file on another machine, %s: mount it, or write file:// with a third slash", typed, host)
		}
		return path, nil
	}
	if host != "" {
		return `\\` + host + strings.ReplaceAll(path, "/", `\`), nil
	}
	return strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", `\`), nil
}
