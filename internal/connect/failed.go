// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"

	"github.com/tshmcp/tshmcp/internal/bridge"
)

// FailedError is a request that the bridge answered itself, as a command says it.
// What to do next, and the exit code, are the cause's.
type FailedError struct {
	App string
	Err *bridge.Error
}

func (e *FailedError) Unwrap() error { return e.Err }

func (e *FailedError) Error() string {
	if text := answered(e.App, e.Err); text != "" {
		return text
	}
	cause := causeOf(e.Err)
	var own interface {
		error
		Hints() []string
	}
	if errors.As(cause, &own) {
		return withoutURL(cause).Error()
	}
	return "the MCP server " + e.App + ": " + e.Err.Error()
}

// Hints are those of the cause, see [FailedError.ExitCode].
func (e *FailedError) Hints() []string { return nil }

// ExitCode leaves everything to the cause.
func (e *FailedError) ExitCode() int { return 0 }

// causeOf is why the request failed, also if it is that of the session that could
// not be opened again; nil if the failure is all that is known.
func causeOf(failed *bridge.Error) error {
	cause := failed.Err
	for inner := failed; errors.As(cause, &inner) && inner.Err != nil; {
		cause = inner.Err
	}
	return cause
}
