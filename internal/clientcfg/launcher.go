// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"slices"
	"strings"
)

// isLauncher reports whether a command starts another program that its arguments
// name: wsl.exe, by which a client on Windows starts one in its Linux.
func isLauncher(command string) bool {
	base := baseName(command)
	return strings.EqualFold(base, "wsl.exe") || strings.EqualFold(base, "wsl")
}

// Started is the entry as the program sees it that is started in the end: without
// wsl.exe, and with what env sets on the way.
func (e Entry) Started() Entry {
	if !isLauncher(e.Command) {
		return e
	}
	i := slices.IndexFunc(e.Args, func(arg string) bool { return arg == "--" || arg == "-e" || arg == "--exec" })
	if i < 0 {
		return e
	}
	words := e.Args[i+1:]
	inner := Entry{Env: map[string]string{}}
	if len(words) > 0 && baseName(words[0]) == "env" {
		for words = words[1:]; len(words) > 0; words = words[1:] {
			name, value, ok := strings.Cut(words[0], "=")
			if !ok {
				break
			}
			inner.Env[name] = value
		}
	}
	if len(words) == 0 {
		return e
	}
	inner.Command, inner.Args = words[0], words[1:]
	return inner
}

// startedBy is the program that an entry starts in the end; "" if it starts none.
func (s shape) startedBy(n node) string {
	command, err := s.commandOf(n)
	if err != nil || !isLauncher(command) {
		return command
	}
	return s.entryOf(n).Started().Command
}
