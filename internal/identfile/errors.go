// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// ErrNotFound says that there is no such file, directory, profile or login.
var ErrNotFound = errcode.New(errcode.IdentityUnusable, "not found")

// HardwareKeyError says that the private key is inside a hardware token (PIV):
// the file only tells where.
type HardwareKeyError struct{ File string }

func (e *HardwareKeyError) Error() string {
	return e.File + ": the private key is on a hardware token (PIV)"
}
func (e *HardwareKeyError) ErrorCode() errcode.Code { return errcode.IdentityHardwareKey }

// ExpiredError says that the certificate's time is over.
type ExpiredError struct {
	File    string // the file or directory that was read
	Expires time.Time
}

func (e *ExpiredError) Error() string {
	return fmt.Sprintf("%s: expired at %s", e.File, e.Expires.UTC().Format(time.RFC3339))
}
func (e *ExpiredError) ErrorCode() errcode.Code { return errcode.IdentityExpired }

// MalformedError says that a file is not what it should be.
type MalformedError struct {
	File string
	What string // such as "it holds no private key"
}

func (e *MalformedError) Error() string           { return e.File + ": " + e.What }
func (e *MalformedError) ErrorCode() errcode.Code { return errcode.IdentityUnusable }

func malformed(format string, a ...any) error {
	return &MalformedError{What: fmt.Sprintf(format, a...)}
}

func malformedFile(file, format string, a ...any) error {
	return &MalformedError{File: file, What: fmt.Sprintf(format, a...)}
}

// inFile puts the file's name into the errors of what was read from it.
func inFile(file string, err error) error {
	var (
		bad      *MalformedError
		hardware *HardwareKeyError
	)
	switch {
	case errors.As(err, &bad) && bad.File == "":
		return &MalformedError{File: file, What: bad.What}
	case errors.As(err, &hardware) && hardware.File == "":
		return &HardwareKeyError{File: file}
	}
	return err
}
