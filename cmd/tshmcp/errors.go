// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// How tshmcp speaks to a person: everything goes to stderr, one line each,
// prefixed with "tshmcp: error:" or "tshmcp: hint:", lower case, without a
// final period. An error says what happened, and its code in brackets after that
// (docs/troubleshooting.md), a hint what to do next. Only this file turns errors into text
// and exit codes.
const (
	exitOK          = 0
	exitError       = 1
	exitInterrupted = 130
)

// report prints what went wrong and returns the exit code.
func report(ctx context.Context, w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	to := plain.Voice{W: w}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		to.Say("interrupted")
		return exitInterrupted
	}
	if stdio.IsClosed(err) { // whoever reads has what he wanted
		return exitError
	}
	var several *setup.Errors
	if errors.As(err, &several) {
		for _, err := range several.Errs {
			report(ctx, w, err)
		}
		return exitError
	}
	if errors.Is(err, terminal.ErrLeft) {
		to.Line("Cancelled. Nothing was written.")
		return exitInterrupted
	}
	_, hints, code := explain(err)
	to.Say("error: %s%s", plain.Error(err), errcode.Of(err).Bracketed())
	for _, hint := range hints {
		to.Hint("%s", hint)
	}
	return code
}

// explain phrases an error: what happened, what to do next, and the exit code.
func explain(err error) (text string, hints []string, code int) {
	if own := errcode.Explain(err); own != nil {
		return errcode.Words(err), own.Hints(), own.ExitCode()
	}
	return errcode.Words(err), nil, exitError
}
