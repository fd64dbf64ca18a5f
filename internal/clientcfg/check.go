// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// dollarBrace is how most clients write a variable. None of them has an escape
// for it.
var dollarBrace = pattern.New(`\$\{`)

// valueRules say what a client expands in an entry, or cannot take. There is no
// way to escape it in any client so far, so such values are refused: an entry
// must mean what it says.
type valueRules struct {
	everywhere *pattern.Pattern // in command, args and env; nil: nothing
	program    *pattern.Pattern // in command and args
	command    *pattern.Pattern // in command
	env        *pattern.Pattern // in the values of env
	envNames   *pattern.Pattern // names of variables that an entry may not set
}

// check reports why an entry cannot be written, under whatever name, as a
// *[ValueError] without the client.
func (r valueRules) check(e Entry) error {
	if e.Command == "" {
		return &ValueError{Field: "command", Msg: "empty"}
	}
	if err := r.value("command", e.Command, r.program, r.command); err != nil {
		return err
	}
	for i, arg := range e.Args {
		if err := r.value(fmt.Sprintf("args[%d]", i), arg, r.program); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(e.Env)) {
		if err := r.variable(key); err != nil {
			return err
		}
		if err := r.value("env "+key, e.Env[key], r.env); err != nil {
			return err
		}
	}
	for _, key := range e.EnvVars {
		if err := r.variable(key); err != nil {
			return err
		}
	}
	return nil
}

func (r valueRules) variable(name string) error {
	switch {
	case name == "" || strings.ContainsAny(name, "=\x00") || !utf8.ValidString(name):
		return &ValueError{Field: "env", Msg: fmt.Sprintf("%q is no name of a variable", name)}
	case r.envNames != nil && r.envNames.MatchString(name):
		return &ValueError{Field: "env " + name, Msg: "the client does not let an entry set it"}
	}
	return nil
}

func (r valueRules) value(field, value string, more ...*pattern.Pattern) error {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return &ValueError{Field: field, Msg: "has bytes that a config file cannot hold"}
	}
	for _, re := range append(more, r.everywhere) {
		if re == nil {
			continue
		}
		if found := re.Regexp().FindString(value); found != "" {
			return &ValueError{Field: field, Msg: fmt.Sprintf("has %q, which the client does not take as it is and which cannot be escaped", found)}
		}
	}
	return nil
}

// isTshmcp reports whether a command runs a program of this name.
func isTshmcp(command string) bool {
	base := baseName(command)
	return base == "tshmcp" || strings.EqualFold(base, "tshmcp.exe")
}

// baseName works on the paths of every system.
func baseName(command string) string {
	return command[strings.LastIndexAny(command, `/\`)+1:]
}
