// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"slices"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// envRules say which variables of the person's shell reach a server. The zero
// value is a client with a window: it is not started from a shell, and most
// pass on no more than the MCP SDK's list.
type envRules struct {
	passes *pattern.Pattern // names that reach the server; nil: those of the SDK's list
	strips *pattern.Pattern // names that do not, all the same; nil: none
	bare   bool             // not even those without which no program works
	live   bool             // the client can be told to pass variables on
}

var anyName = pattern.New(``)

// The variables that the MCP TypeScript SDK passes on.
var (
	sdkUnix    = []string{"HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER"}
	sdkWindows = []string{"APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PROCESSOR_ARCHITECTURE",
		"SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "USERNAME", "USERPROFILE", "PROGRAMFILES"}
)

// The variables without which a program does not find its own files.
var (
	neededUnix    = []string{"HOME"}
	neededWindows = []string{"USERPROFILE", "APPDATA", "LOCALAPPDATA", "SystemRoot"}
)

// divide is [Client.Environ]; fixed are the names that an entry may not set, nil for
// none.
func (r envRules) divide(env Env, fixed *pattern.Pattern, names []string) (frozen map[string]string, live []string) {
	env = env.withDefaults()
	if r.bare {
		needed := neededUnix
		if env.GOOS == "windows" {
			needed = neededWindows
		}
		names = append(slices.Clone(names), needed...)
	}
	for _, name := range names {
		value := env.Getenv(name)
		switch {
		case value == "" || r.reaches(env.GOOS, name):
		case fixed != nil && fixed.MatchString(name):
			// It could not be written, and such a client passes it on itself.
		case r.live:
			live = append(live, name)
		default:
			if frozen == nil {
				frozen = map[string]string{}
			}
			frozen[name] = value
		}
	}
	return frozen, live
}

// reaches reports whether a variable of the shell reaches a server.
func (r envRules) reaches(goos, name string) bool {
	switch {
	case r.strips != nil && r.strips.MatchString(name):
		return false
	case r.passes != nil:
		return r.passes.MatchString(name)
	case goos == "windows":
		return hasFold(sdkWindows, name)
	}
	return slices.Contains(sdkUnix, name)
}
