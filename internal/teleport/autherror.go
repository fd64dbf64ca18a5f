// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// AuthError is a failed call to the auth service.
type AuthError struct {
	Op      string     // what was tried: "list apps"
	Cluster string     // that was asked: the root or a leaf
	Code    codes.Code // of the gRPC status (protocol.md 6.3)
	Message string     // the server's own, on one line; that of Err if it was not reached
	// Err is the cause: that of the broken connection where Code is
	// Unavailable, the context's error where the caller's time was up or the
	// call was cancelled, the gRPC status error otherwise.
	Err error
}

func (e *AuthError) Error() string { return e.Op + ": " + e.Message }

// Unwrap returns the cause.
func (e *AuthError) Unwrap() error { return e.Err }

// Denied tells that the cluster was reached and refused: access denied.
func (e *AuthError) Denied() bool {
	return e.Code == codes.PermissionDenied || e.Code == codes.Unauthenticated
}

// Unreachable tells that the auth service could not be reached, or not in time.
func (e *AuthError) Unreachable() bool {
	return e.Code == codes.Unavailable || e.Code == codes.DeadlineExceeded
}

// failed turns the error of a gRPC call under ctx into an AuthError.
func (a *Auth) failed(ctx context.Context, op string, err error) error {
	st := status.Convert(err)
	e := &AuthError{Op: op, Cluster: a.cluster, Code: st.Code(), Message: oneLine(st.Message()), Err: err}
	var cause error
	switch st.Code() {
	case codes.Unavailable:
		cause = a.link.lastErr()
	case codes.Canceled, codes.DeadlineExceeded:
		cause = ctx.Err()
	}
	if cause != nil {
		e.Err, e.Message = cause, oneLine(cause.Error())
	}
	return e
}
