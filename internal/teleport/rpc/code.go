// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"errors"
	"fmt"
	"strconv"
)

// Code says what came of a call, by gRPC's numbers.
type Code uint32

// The codes of gRPC. There are no others: a number that is none of them is Unknown.
const (
	OK Code = iota
	Canceled
	Unknown
	InvalidArgument
	DeadlineExceeded
	NotFound
	AlreadyExists
	PermissionDenied
	ResourceExhausted
	FailedPrecondition
	Aborted
	OutOfRange
	Unimplemented
	Internal
	Unavailable
	DataLoss
	Unauthenticated
)

var codeNames = [...]string{
	"OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
	"ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable",
	"DataLoss", "Unauthenticated",
}

// String returns the code's name.
func (c Code) String() string {
	if int(c) < len(codeNames) {
		return codeNames[c]
	}
	return "Code(" + strconv.FormatUint(uint64(c), 10) + ")"
}

// Error is a call that failed: what the server said of it, or what there is to say
// where no status of the server arrived.
type Error struct {
	Code    Code
	Message string // the server's is as it came, with whatever is in it
	Err     error  // the cause on this side; nil for what the server said
}

func (e *Error) Error() string {
	return fmt.Sprintf("rpc error: code = %v desc = %s", e.Code, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func failf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// StatusOf is what an error says of a call: code and message. One that is of no
// call is Unknown, and nil is OK.
func StatusOf(err error) (Code, string) {
	var e *Error
	switch {
	case err == nil:
		return OK, ""
	case errors.As(err, &e):
		return e.Code, e.Message
	}
	return Unknown, err.Error()
}

// CodeOf is the code alone.
func CodeOf(err error) Code {
	code, _ := StatusOf(err)
	return code
}
