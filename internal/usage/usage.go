// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package usage tells what is wrong with a command line from what goes wrong
// while it is carried out.
package usage

import (
	"fmt"
	"slices"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// ExitCode is that of a program whose command line cannot be carried out.
const ExitCode = 2

// Error is a command line, or a variable that stands for a flag, that cannot be
// carried out.
type Error struct {
	Usage string // the command's usage line, may be empty
	Err   error
	Other []string // hints besides, such as what may have been meant
}

// Errorf is an [Error] without a usage line.
func Errorf(format string, a ...any) error { return &Error{Err: fmt.Errorf(format, a...)} }

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// ExitCode is part of how errors explain themselves.
func (e *Error) ExitCode() int           { return ExitCode }
func (e *Error) ErrorCode() errcode.Code { return errcode.Usage }

// Hints end with the usage line, if there is one.
func (e *Error) Hints() []string {
	if e.Usage == "" {
		return e.Other
	}
	return append(slices.Clone(e.Other), "usage: "+e.Usage)
}
