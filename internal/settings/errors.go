// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"errors"
	"io/fs"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// CAFileError says that --ca-file names no certificates that can be read.
type CAFileError struct{ Err error }

func (e *CAFileError) Error() string { return e.Err.Error() }
func (e *CAFileError) Unwrap() error { return e.Err }

// ExitCode leaves what is no plain file to the cause.
func (e *CAFileError) ExitCode() int {
	var own interface {
		error
		Hints() []string
	}
	if errors.As(e.Err, &own) {
		return 0
	}
	return 1
}

// ErrorCode is that of the flag, whatever its file has the matter.
func (e *CAFileError) ErrorCode() errcode.Code { return errcode.CAFile }

// Hints say what the flag takes, or why it cannot be read.
func (e *CAFileError) Hints() []string {
	if errors.Is(e.Err, fs.ErrPermission) {
		return []string{"you may not read it: check who owns it, its mode, and the folders on the way"}
	}
	return []string{"--ca-file takes a PEM file with the CA that has signed the proxy's web certificate; ask your Teleport administrator for it"}
}
