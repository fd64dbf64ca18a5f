// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Code is a gRPC status code.
type Code uint32

// Those that servers of Teleport give (protocol.md 6.3), and those of the protocol
// itself.
const (
	OK                Code = 0
	Canceled          Code = 1
	Unknown           Code = 2
	InvalidArgument   Code = 3
	DeadlineExceeded  Code = 4
	NotFound          Code = 5
	AlreadyExists     Code = 6
	PermissionDenied  Code = 7
	ResourceExhausted Code = 8
	Unimplemented     Code = 12
	Internal          Code = 13
	Unavailable       Code = 14
)

// statusError is an error that clients get with its code.
type statusError struct {
	code Code
	text string
}

func (e *statusError) Error() string { return e.text }

// Error returns an error that clients get with that code.
func Error(code Code, text string) error { return &statusError{code, text} }

// Errorf is Error with a format.
func Errorf(code Code, format string, args ...any) error {
	return Error(code, fmt.Sprintf(format, args...))
}

// statusOf is how a call ends. What has no code is Unknown.
func statusOf(err error) (Code, string) {
	var known *statusError
	switch {
	case err == nil:
		return OK, ""
	case errors.As(err, &known):
		return known.code, known.text
	case errors.Is(err, context.DeadlineExceeded):
		return DeadlineExceeded, err.Error()
	case errors.Is(err, context.Canceled):
		return Canceled, err.Error()
	}
	return Unknown, err.Error()
}

// escape is a message as it may stand in a header: what is not printable ASCII, and
// the percent sign, percent-encoded.
func escape(message string) string {
	var b strings.Builder
	for _, c := range []byte(strings.ToValidUTF8(message, "\uFFFD")) {
		if c < ' ' || c > '~' || c == '%' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
