// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"io/fs"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Doing is what was done in the state directory when it failed.
type Doing int

const (
	reading Doing = iota
	writing
	removing
)

// StateError says that the system refuses something in the state directory.
type StateError struct {
	Doing Doing
	Err   error
}

// inState says what was done when err came. What has its own words keeps them,
// and so does what is only not there.
func inState(doing Doing, err error) error {
	var own interface{ Hints() []string }
	missing := errors.Is(err, fs.ErrNotExist) && errcode.FileRefusal(err) == ""
	if err == nil || missing || errors.As(err, &own) {
		return err
	}
	return &StateError{Doing: doing, Err: err}
}

// toRemove makes *err one of a removal, whatever had to be written for it.
func toRemove(err *error) {
	var state *StateError
	if errors.As(*err, &state) && state.Doing == writing {
		state.Doing = removing
	}
	var keyring *KeyringError
	if errors.As(*err, &keyring) {
		keyring.Op = "delete"
	}
}

func (e *StateError) Error() string { return e.Err.Error() }
func (e *StateError) Unwrap() error { return e.Err }

// ExitCode is 0 where there is nothing to add.
func (e *StateError) ExitCode() int {
	if e.Hints() == nil {
		return 0
	}
	return exitError
}

// ErrorCode is that of what the system says.
func (e *StateError) ErrorCode() errcode.Code { return errcode.Or(e.Err, errcode.StoreDamaged) }

// elsewhere is for what is about to be written for the first time.
const elsewhere = ", or let TSHMCP_HOME name a folder elsewhere"

// Hints depend on what was done.
func (e *StateError) Hints() []string {
	hint := ""
	switch errcode.FileRefusal(e.Err) {
	case errcode.FileDenied:
		hint = map[Doing]string{
			reading:  "you may not read it: check who owns it, its mode, and the folders on the way",
			writing:  "you may not write there: check who owns it, and the folders on the way" + elsewhere,
			removing: "you may not change what is there: check who owns it, and the folders on the way",
		}[e.Doing]
	case errcode.FileReadOnly:
		hint = map[Doing]string{
			writing:  "the place is read-only: mount it writable" + elsewhere,
			removing: "the place is read-only: mount it writable",
		}[e.Doing]
	case errcode.DiskFull:
		hint = "free some space on the disk, or in your quota"
		if e.Doing == writing {
			hint += elsewhere
		}
	case errcode.FileInTheWay:
		hint = "see what is in the place of the file or its folder, and move it away"
	}
	if hint == "" {
		return nil
	}
	return []string{hint}
}
