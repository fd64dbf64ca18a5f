// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"errors"
	"net"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// exitError is the exit code of the errors of this package.
const exitError = 1

// Each error of this package says what to do next, in Hints, and with which code
// the program ends because of it.

// NobodyError means that the person in front of the browser did not sign in.
type NobodyError struct{ Err error }

func (e *NobodyError) Error() string           { return "nobody signed in" }
func (e *NobodyError) Unwrap() error           { return e.Err }
func (e *NobodyError) ExitCode() int           { return exitError }
func (e *NobodyError) ErrorCode() errcode.Code { return errcode.SignInTimeout }
func (e *NobodyError) Hints() []string {
	return []string{"run it again, pick " + mayUse() + " and press \"Sign in\""}
}

// NothingError means that somebody signed in who may use no MCP server.
type NothingError struct{ User string }

func (e *NothingError) Error() string           { return e.User + " may use no MCP server" }
func (e *NothingError) ExitCode() int           { return exitError }
func (e *NothingError) ErrorCode() errcode.Code { return errcode.AppNotFound }
func (e *NothingError) Hints() []string         { return []string{"run it again and pick " + mayUse()} }

// FolderError means that there is no place for the files of the demo.
type FolderError struct{ Err error }

func (e *FolderError) Error() string           { return "the demo's folder: " + e.Err.Error() }
func (e *FolderError) Unwrap() error           { return e.Err }
func (e *FolderError) ExitCode() int           { return exitError }
func (e *FolderError) ErrorCode() errcode.Code { return errcode.Or(e.Err, errcode.DemoFailed) }
func (e *FolderError) Hints() []string {
	return []string{"it is made where temporary files are, which TMPDIR names (TMP on Windows)"}
}

// StageError means that the cluster did not come up.
type StageError struct {
	Listen string // address that was asked for
	Err    error
}

func (e *StageError) Error() string { return e.Err.Error() }
func (e *StageError) Unwrap() error { return e.Err }
func (e *StageError) ExitCode() int { return exitError }

func (e *StageError) ErrorCode() errcode.Code {
	if e.listening() {
		return errcode.ListenFailed
	}
	return errcode.DemoFailed
}
func (e *StageError) Hints() []string {
	if e.listening() {
		return []string{"--listen takes a loopback address and a free port that you may use, for example 127.0.0.1:0"}
	}
	return nil
}

// listening says whether it was the address that could not be had.
func (e *StageError) listening() bool {
	var listen *net.OpError
	return errors.As(e.Err, &listen) && listen.Op == "listen"
}
