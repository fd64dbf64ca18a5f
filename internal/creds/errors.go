// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"fmt"
	"io/fs"
)

// exitError is the exit code of the errors that a person can do something about.
const exitError = 1

// ErrNotFound says that there is no such profile, login or app certificate,
// or that what is there is not whole: either way it has to be obtained again.
var ErrNotFound = errors.New("credential not found")

// ErrSuperseded is returned by SaveApp when the profile it was given is no
// longer the one on disk: a newer login took its place, and a certificate of
// the older one must not be filed under it.
var ErrSuperseded = errors.New("a newer login has taken the place of this one")

// KeyringError says that the operating system's keyring cannot be used: it is
// locked, there is none, it refuses, or it does not answer.
type KeyringError struct {
	Op      string // "get", "set" or "delete"
	Err     error  // what the keyring said; for a timeout, context.DeadlineExceeded
	Timeout bool   // the call did not return in time, as when a locked keyring waits for its password
}

func (e *KeyringError) Error() string {
	if e.Timeout {
		return fmt.Sprintf("keyring %s: no answer in time: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("keyring %s: %v", e.Op, e.Err)
}

func (e *KeyringError) Unwrap() error { return e.Err }

// Hints say how the keyring is opened, and how to do without one.
func (e *KeyringError) Hints() []string {
	return []string{unlockHint, "or keep credentials in a file: tshmcp login --store=file"}
}

// ExitCode is that of the program.
func (e *KeyringError) ExitCode() int { return exitError }

// ModeError says that others may read or change a file or directory of the
// file backend. Nothing is read from it or written to it.
type ModeError struct {
	Path string
	Mode fs.FileMode // as found
	Want fs.FileMode // the widest that is accepted
}

func (e *ModeError) Error() string {
	return fmt.Sprintf("%s has mode %#o, which lets others in; it must be %#o", e.Path, e.Mode.Perm(), e.Want)
}

// Hints say how it is put right.
func (e *ModeError) Hints() []string {
	return []string{"nobody but you may read it: chmod -R go= '" + e.Path + "'"}
}

// ExitCode is that of the program.
func (e *ModeError) ExitCode() int { return exitError }
