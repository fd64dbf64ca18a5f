// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// alertExpired is the TLS alert certificate_expired.
const alertExpired = tls.AlertError(45)

// AuthError is a failed call to the auth service.
type AuthError struct {
	Op      string   // what was tried: "list apps"
	Cluster string   // that was asked: the root or a leaf
	Code    rpc.Code // of the gRPC status (protocol.md 6.3)
	Message string   // the server's own, on one line; that of Err if it was not reached
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
	return e.Code == rpc.PermissionDenied || e.Code == rpc.Unauthenticated
}

// Unreachable tells that the auth service could not be reached, or not in time.
func (e *AuthError) Unreachable() bool {
	return e.Code == rpc.Unavailable || e.Code == rpc.DeadlineExceeded
}

// BadRequest tells that the cluster did not understand what it was asked, such as
// the predicate of a list.
func (e *AuthError) BadRequest() bool {
	return e.Code == rpc.InvalidArgument || e.Code == rpc.Unknown
}

// Unimplemented tells that the cluster does not know what it was asked for.
func (e *AuthError) Unimplemented() bool { return e.Code == rpc.Unimplemented }

// ExpiredError tells that the cluster takes the login for over. Where the clocks
// of the two differ that can be before its end by this one.
type ExpiredError struct {
	Op      string
	Expires time.Time // the end of the login's certificate
	Err     error     // the *AuthError, nil if there was none
}

func (e *ExpiredError) Error() string { return e.Op + ": the login has expired" }

// Unwrap returns the failed call.
func (e *ExpiredError) Unwrap() error           { return e.Err }
func (e *ExpiredError) ErrorCode() errcode.Code { return errcode.LoginExpired }

// LockedError tells that an administrator has locked the user out: every call is
// denied, also the one that is answered to everybody else. Clusters give no
// reason (protocol.md 6.3).
type LockedError struct {
	User, Cluster string
	Err           error // the *AuthError
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is locked in %s, and every request is denied", e.User, e.Cluster)
}

// Unwrap returns the failed call.
func (e *LockedError) Unwrap() error { return e.Err }

// What clusters say of a login that is over, and of anything to a locked user.
const (
	textExpired = "client credentials have expired"
	textDenied  = "access denied"
)

// failed turns the error of a gRPC call under ctx into an *AuthError, or into an
// *ExpiredError, a *LockedError or a *PolicyError around one.
func (a *Auth) failed(ctx context.Context, op string, err error) error {
	e := a.authError(ctx, op, err)
	var alert tls.AlertError
	switch {
	case e.Unreachable() && errors.As(e.Err, &alert) && alert == alertExpired,
		e.Denied() && strings.Contains(e.Message, textExpired):
		return &ExpiredError{Op: op, Expires: a.id.Expires(), Err: e}
	case e.Denied() && e.Message == textDenied && a.locked(ctx):
		return &LockedError{User: a.id.Username(), Cluster: a.cluster, Err: e}
	}
	if policy := PolicyOf(e.Message); policy != nil && e.Denied() {
		policy.Err = e
		return policy
	}
	return e
}

// locked finds out whether the bare denial of a call is that of a lock: then
// Ping is denied too. A leaf denies all of it also to those to whom its role map
// gives no role, so that for a leaf nothing is said.
func (a *Auth) locked(ctx context.Context) bool {
	if a.cluster != a.id.Cluster() {
		return false
	}
	_, err := a.auth.Ping(ctx, &wirepb.PingRequest{})
	return rpc.CodeOf(err) == rpc.PermissionDenied
}

func (a *Auth) authError(ctx context.Context, op string, err error) *AuthError {
	e := a.link.authError(ctx, err)
	e.Op, e.Cluster = op, a.cluster
	return e
}

// coded is the error of a call with the code that it has for a person.
func (l *authLink) coded(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return errcode.Errorf(l.authError(ctx, err).ErrorCode(), "%w", err)
}

// authError has neither what was tried nor where.
func (l *authLink) authError(ctx context.Context, err error) *AuthError {
	code, message := rpc.StatusOf(err)
	e := &AuthError{Code: code, Message: oneLine(message), Err: err}
	var cause error
	switch code {
	case rpc.Unavailable:
		if errors.Unwrap(err) != nil { // nobody has answered
			cause = l.lastErr()
		}
	case rpc.DeadlineExceeded:
		if !isSilent(err) { // it is the service that says so
			e.Message = "the auth service gave up, as it took too long"
		}
	case rpc.Canceled:
		cause = ctx.Err()
	}
	if cause != nil {
		e.Err, e.Message = cause, oneLine(errcode.Words(cause))
	}
	return e
}
