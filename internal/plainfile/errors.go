// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"fmt"
	"io/fs"
	"strconv"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// exitError is the exit code of the errors that a person can do something about.
const exitError = 1

// Directory is the kind of a folder.
const Directory = "a directory"

// KindError says that something else is where a file or folder should be.
type KindError struct {
	Path   string
	Kind   string // "a named pipe", "a symlink" ...
	Folder bool   // that a folder should be there
	Named  bool   // it is not this program that put it there, and somebody can name another one
}

func (e *KindError) Error() string {
	if e.Folder {
		return fmt.Sprintf("%s is %s and not a directory", e.Path, e.Kind)
	}
	return fmt.Sprintf("%s is %s and not a regular file", e.Path, e.Kind)
}

// Hints say how it is put right.
func (e *KindError) Hints() []string {
	if e.Named {
		return []string{"it was not opened: put or name a regular file there"}
	}
	return []string{"it was not opened: find out who put it there, and remove it"}
}

// ExitCode is that of the program.
func (e *KindError) ExitCode() int           { return exitError }
func (e *KindError) ErrorCode() errcode.Code { return errcode.FileKind }

// OwnerError says that a file or folder belongs to somebody who must not decide
// what this program does.
type OwnerError struct {
	Path  string
	Owner int // user id
}

func (e *OwnerError) Error() string {
	return fmt.Sprintf("%s belongs to another user (id %d)", e.Path, e.Owner)
}

// Command is the command line that puts it right, if it is the user's after all.
func (e *OwnerError) Command() string {
	return plain.Command("sudo", "chown", "-R", strconv.Itoa(me()), e.Path)
}

// Hints say how it is put right.
func (e *OwnerError) Hints() []string {
	return []string{"nothing in it is used: if it is yours, make it so with chown; else remove it"}
}

// ExitCode is that of the program.
func (e *OwnerError) ExitCode() int           { return exitError }
func (e *OwnerError) ErrorCode() errcode.Code { return errcode.FileUntrusted }

// ModeError says that others may read or change a file or directory. Nothing is
// read from it or written to it.
type ModeError struct {
	Path string
	Mode fs.FileMode // as found
	Want fs.FileMode // the widest that is accepted
}

func (e *ModeError) Error() string {
	if e.Want&0o077 != 0 {
		return fmt.Sprintf("%s has mode %#o, which lets others change it; it may have %#o at most", e.Path, e.Mode.Perm(), e.Want)
	}
	return fmt.Sprintf("%s has mode %#o, which lets others in; it must be %#o", e.Path, e.Mode.Perm(), e.Want)
}

// Command is the command line that puts it right.
func (e *ModeError) Command() string {
	switch {
	case e.Want&0o077 == 0:
		return plain.Command("chmod", "-R", "go=", e.Path)
	case e.Want&0o020 == 0:
		return plain.Command("chmod", "go-w", e.Path)
	}
	return plain.Command("chmod", "o-w", e.Path)
}

// Hints say how it is put right.
func (e *ModeError) Hints() []string {
	switch {
	case e.Want&0o077 == 0:
		return []string{"nobody but you may read it: " + e.Command()}
	case e.Want&0o020 == 0:
		return []string{"nobody but you may change it: " + e.Command()}
	}
	return []string{"not everybody may change it: " + e.Command()}
}

// ExitCode is that of the program.
func (e *ModeError) ExitCode() int           { return exitError }
func (e *ModeError) ErrorCode() errcode.Code { return errcode.FileUntrusted }

// SizeError says that a file is longer than one of its kind can be.
type SizeError struct {
	Path  string
	Limit int64
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("%s has more than %d bytes", e.Path, e.Limit)
}

// Hints are none: the file is not what it is taken for.
func (e *SizeError) Hints() []string { return nil }

// ExitCode is that of the program.
func (e *SizeError) ExitCode() int           { return exitError }
func (e *SizeError) ErrorCode() errcode.Code { return errcode.FileTooLarge }
