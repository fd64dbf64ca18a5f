// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dollarBrace is how most clients write a variable. None of them has an escape
// for it.
var dollarBrace = regexp.MustCompile(`\$\{`)

// valueRules say what a client expands in an entry, or cannot take. There is no
// way to escape it in any client so far, so such values are refused: an entry
// must mean what it says.
type valueRules struct {
	everywhere *regexp.Regexp // in command, args and env; nil: nothing
	program    *regexp.Regexp // in command and args
	command    *regexp.Regexp // in command
	env        *regexp.Regexp // in the values of env
	envNames   *regexp.Regexp // names of variables that an entry may not set
}

// CheckName reports, as a *[NameError], why this client does not take a server
// of that name; nil means that it does.
func (c Client) CheckName(name string) error {
	fail := func(client, msg string) error { return &NameError{Client: client, Name: name, Msg: msg} }
	switch {
	case name == "":
		return fail("", "empty")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fail("", "has characters that cannot be printed")
	case strings.TrimSpace(name) != name:
		return fail("", "begins or ends with a blank")
	case !c.names.fits(name):
		return fail(c.Name, c.names.says)
	case c.names.reserved != nil && c.names.reserved.MatchString(name):
		return fail(c.Name, "the name is reserved")
	}
	return nil
}

// Check reports why an entry cannot be written for this client, under whatever
// name, as a *[ValueError].
func (c Client) Check(e Entry) error {
	if e.Command == "" {
		return &ValueError{Client: c.Name, Field: "command", Msg: "empty"}
	}
	if err := c.checkValue("command", e.Command, c.values.program, c.values.command); err != nil {
		return err
	}
	for i, arg := range e.Args {
		if err := c.checkValue(fmt.Sprintf("args[%d]", i), arg, c.values.program); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(e.Env)) {
		if err := checkVariable(c, key); err != nil {
			return err
		}
		if err := c.checkValue("env "+key, e.Env[key], c.values.env); err != nil {
			return err
		}
	}
	for _, key := range e.EnvVars {
		if err := checkVariable(c, key); err != nil {
			return err
		}
	}
	return nil
}

func checkVariable(c Client, name string) error {
	switch {
	case name == "" || strings.ContainsAny(name, "=\x00") || !utf8.ValidString(name):
		return &ValueError{Client: c.Name, Field: "env", Msg: fmt.Sprintf("%q is no name of a variable", name)}
	case c.values.envNames != nil && c.values.envNames.MatchString(name):
		return &ValueError{Client: c.Name, Field: "env " + name, Msg: "the client does not let an entry set it"}
	}
	return nil
}

func (c Client) checkValue(field, value string, more ...*regexp.Regexp) error {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return &ValueError{Client: c.Name, Field: field, Msg: "has bytes that a config file cannot hold"}
	}
	for _, re := range append(more, c.values.everywhere) {
		if re == nil {
			continue
		}
		if found := re.FindString(value); found != "" {
			return &ValueError{Client: c.Name, Field: field, Msg: fmt.Sprintf("has %q, which the client does not take as it is and which cannot be escaped", found)}
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
