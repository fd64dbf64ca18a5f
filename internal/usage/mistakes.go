// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package usage

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/similar"
)

// named is what the arguments of commands name, by how they are called in usage
// lines, and which command lists them.
var named = []struct{ word, what, list string }{
	{"NAME", "MCP server", "tshmcp ls lists them"},
	{"CLUSTER", "cluster", "tshmcp status lists them"},
	{"ID", "access request", "tshmcp request ls lists them"},
	{"ADDR", "address of a Teleport proxy", ""},
}

// Number is the error of arguments that are too many or too few for a command that
// takes one, which words, such as "[NAME]", name in its usage line.
func Number(words string, given int) error {
	for _, n := range named {
		switch {
		case !strings.Contains(words, n.word):
		case given > 1:
			return errcode.Errorf(errcode.Usage, "name one %s, not %d", n.what, given)
		case n.list != "":
			return errcode.Errorf(errcode.Usage, "name one %s; %s", n.what, n.list)
		default:
			return errcode.Errorf(errcode.Usage, "name one %s", n.what)
		}
	}
	return errcode.Errorf(errcode.Usage, "%d arguments are too many", given)
}

// EmptyArgument is the error of an argument, by its place from 1 on, that is empty.
// words name the first one in the usage line.
func EmptyArgument(words string, place int) error {
	for _, n := range named {
		switch {
		case place > 1 || !strings.Contains(words, n.word):
		case n.list != "":
			return errcode.Errorf(errcode.Usage, "an empty name is that of no %s; %s", n.what, n.list)
		default:
			return errcode.Errorf(errcode.Usage, "an empty text is no %s", n.what)
		}
	}
	return errcode.Errorf(errcode.Usage, "argument %d is empty", place)
}

// UnknownCommand is the error of a command that there is not. within is the command
// line up to it, and known what could stand in its place.
func UnknownCommand(within, name string, known []string) error {
	near := similar.To(name, known)
	if meant := usual[strings.ToLower(name)]; slices.Contains(known, meant) {
		near = []string{meant}
	}
	return &Error{
		Err:   errcode.Errorf(errcode.Usage, "unknown command %q", name),
		Other: append(similar.Hint(near), within+" --help lists the commands"),
	}
}

// usual are commands that people look for by the names that they have elsewhere.
var usual = map[string]string{
	"signin": "login", "sign-in": "login", "auth": "login", "signout": "logout", "sign-out": "logout",
	"whoami": "status", "servers": "ls", "apps": "ls", "mcp": "ls", "clusters": "status", "switch": "use", "select": "use",
	"setup": "config", "configure": "config", "install": "config", "init": "config", "add": "config", "remove": "config", "rm": "config",
	"run": "call", "exec": "call", "start": "connect", "proxy": "connect", "bridge": "connect", "log": "logs", "check": "doctor", "diagnose": "doctor",
}
