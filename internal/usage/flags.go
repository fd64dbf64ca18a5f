// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package usage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/similar"
)

// Given are the flags that were given, as words of a command line.
func Given(flags *pflag.FlagSet) (words []string) {
	flags.Visit(func(f *pflag.Flag) {
		for _, value := range valuesOf(f) {
			word := "--" + f.Name + "=" + value
			if f.Value.Type() == "bool" && value == "true" {
				word = "--" + f.Name
			}
			words = append(words, word)
		}
	})
	return words
}

// valuesOf are those of a flag that can be repeated, or the one of another.
func valuesOf(f *pflag.Flag) []string {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{f.Value.String()}
}

// mayBeEmpty is what the help of a flag says of which an empty value means something.
const mayBeEmpty = "empty for "

// Blank is what no name, path, list or text can be.
func Blank(value string) bool { return strings.TrimSpace(value) == "" }

// EmptyFlags is the error of the first flag that was given with an empty value, or with
// an empty part where it is a list; nil if there is none. An empty value is what remains
// of a variable that is not set, and would else mean what the flag means when it is not
// there. line is the command's usage line.
func EmptyFlags(flags *pflag.FlagSet, line string) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		values := valuesOf(f)
		allowed := strings.Contains(f.Usage, mayBeEmpty) && f.Value.String() == ""
		if err == nil && !allowed && (len(values) == 0 || slices.ContainsFunc(values, Blank)) {
			err = emptyFlag(f, line)
		}
	})
	return err
}

func emptyFlag(f *pflag.Flag, line string) error {
	value, _ := pflag.UnquoteUsage(f)
	return &Error{Usage: line, Err: noValue(f.Name, value), Other: []string{"is a variable on the command line not set?"}}
}

// noValue is the error of a flag whose value is empty. value is what the flag's help
// calls it.
func noValue(flag, value string) error {
	switch {
	case value == "": // it is given or not
		return errcode.Errorf(errcode.Usage, "--%s has an empty value: write --%s alone, or leave it out", flag, flag)
	case value == "duration" || value == "time":
		value = "10m"
	case value == "string" || value == "stringArray" || value == "strings":
		value = "VALUE"
	case !strings.ContainsAny(value, "'"):
		value = strings.ToUpper(value)
	}
	return errcode.Errorf(errcode.Usage, "--%s has an empty value: write --%s=%s, or leave it out", flag, flag, value)
}

// wrongTime is the error of a flag that takes a time, and got something else.
func wrongTime(flag, value string) error {
	return errcode.Errorf(errcode.Usage, "--%s takes a time such as 90s, 10m or 24h, not %q", flag, value)
}

// WrongFlag is the error of a flag that is not among the flags, or of its value, as it
// comes from where they are parsed.
func WrongFlag(flags *pflag.FlagSet, line string, err error) error {
	e := &Error{Usage: line, Err: err}
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		switch f := wrong.GetFlag(); {
		case Blank(wrong.GetValue()):
			return emptyFlag(f, line)
		case f.Value.Type() == "duration":
			e.Err = wrongTime(f.Name, wrong.GetValue())
		case f.Value.Type() == "bool":
			e.Err = errcode.Errorf(errcode.Usage, "--%s takes true or false, not %q: write --%s alone, or leave it out", f.Name, wrong.GetValue(), f.Name)
		}
	}
	var missing *pflag.NotExistError
	if errors.As(err, &missing) {
		var known []string
		flags.VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				known = append(known, f.Name)
			}
		})
		e.Other = nearFlags(missing.GetSpecifiedName(), known)
		if of, usual := formats[missing.GetSpecifiedName()]; usual && slices.Contains(known, "format") {
			e.Other = []string{"did you mean --format" + of + "?"}
		}
		if slices.Contains(colours, missing.GetSpecifiedName()) {
			e.Other = []string{"NO_COLOR=1 in the environment turns colours off"}
		}
	}
	return e
}

// formats are flags of other programs, for what --format is here.
var formats = map[string]string{"o": "", "output": "", "json": "=json", "yaml": "=yaml", "j": "=json", "f": ""}

// colours are flags of other programs for what a variable is here.
var colours = []string{"color", "colour", "colors", "colours", "no-color", "no-colour", "no-colors"}

// nearFlags are the hints about a flag that there is not: those of the known ones
// that may have been meant.
func nearFlags(name string, known []string) []string {
	near := similar.To(name, known)
	for i := range near {
		near[i] = fmt.Sprintf("--%s", near[i])
	}
	return similar.Hint(near)
}
