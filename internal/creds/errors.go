// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// exitError is the exit code of the errors that a person can do something about.
const exitError = 1

// ErrNotFound says that there is no such profile, login or app certificate,
// or that what is there is not whole: either way it has to be obtained again.
var ErrNotFound = errcode.New(errcode.LoginMissing, "credential not found")

// ErrSuperseded is returned when a profile that was given is no longer the one on
// disk: a newer login took its place, and a certificate of the older one must not
// be filed under it, nor a renewal of the older one take the newer one's place.
var ErrSuperseded = errcode.New(errcode.StoreBusy, "a newer login has replaced this one")

// KeyringError says that the operating system's keyring cannot be used: it is
// locked, there is none, it refuses, or it does not answer. It does not unwrap to
// its cause: a connection or a deadline of the keyring's would be taken for one
// of the cluster's.
type KeyringError struct {
	Op      string // "get", "set" or "delete"
	Err     error  // what the keyring said; nil for a timeout
	Timeout bool   // the call did not return in time, as when a locked keyring waits for its password
	Login   bool   // somebody is signing in, by a command that takes --store
}

func (e *KeyringError) Error() string {
	if e.Timeout {
		return fmt.Sprintf("keyring %s: no answer in time", e.Op)
	}
	return fmt.Sprintf("keyring %s: %v", e.Op, e.Err)
}

// Hints say how the keyring is opened, and how to do without one.
func (e *KeyringError) Hints() []string {
	if e.Op == "delete" { // there is nothing to be kept
		return []string{unlockHint}
	}
	if e.Login { // which cluster it is about is in that command
		return []string{unlockHint, "or keep credentials in a file: run the same command with --store=file"}
	}
	return []string{unlockHint, "or keep credentials in a file: tshmcp login --store=file"}
}

// ExitCode is that of the program.
func (e *KeyringError) ExitCode() int { return exitError }

func (e *KeyringError) ErrorCode() errcode.Code {
	if e.Timeout {
		return errcode.KeyringHung
	}
	return errcode.KeyringUnavailable
}

// DamageError says that a file of the state directory was not written by this
// program, or not whole.
type DamageError struct {
	What string // "profile" or "index"
	Path string
	Err  error
}

func (e *DamageError) Error() string { return fmt.Sprintf("%s %s: %v", e.What, e.Path, e.Err) }
func (e *DamageError) Unwrap() error { return e.Err }

// Hints say how to do without what the file said.
func (e *DamageError) Hints() []string {
	if e.What == "index" {
		return []string{"remove it: what it lists in the keyring is there under the name " + service + ", and can be deleted with the keyring's own program"}
	}
	return []string{"sign in again, which replaces it: tshmcp login --proxy=ADDR"}
}

// ExitCode is that of the program.
func (e *DamageError) ExitCode() int { return exitError }

func (e *DamageError) ErrorCode() errcode.Code { return errcode.StoreDamaged }

// ErrBusy is what a [BusyError] is.
var ErrBusy = errors.New("the lock is held by another process")

// BusyError says that somebody else holds a lock for longer than it was waited
// for.
type BusyError struct {
	Path string // of the lock file
	PID  int    // process that holds it; 0 if it cannot be told
}

func (e *BusyError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("the lock %s is held by another process", e.Path)
	}
	return fmt.Sprintf("the lock %s is held by the process %d", e.Path, e.PID)
}

// Is makes it an ErrBusy.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// Hints say what to do about it.
func (e *BusyError) Hints() []string {
	return []string{"another tshmcp is writing credentials, or waiting for the keyring: try again when it is done, or end it"}
}

// ExitCode is that of the program.
func (e *BusyError) ExitCode() int           { return exitError }
func (e *BusyError) ErrorCode() errcode.Code { return errcode.StoreBusy }
