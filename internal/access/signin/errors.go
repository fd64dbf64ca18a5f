// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// ErrNobody is why a sign-in came to nothing that nobody completed.
var ErrNobody = errcode.New(errcode.SignInTimeout, "nobody signed in in time")

// PendingError means that a sign-in, or a confirmation, is open in the browser.
type PendingError struct {
	Proxy string
	App   *access.MFANeededError // whose use is to be confirmed; nil: it is a sign-in
}

func (e *PendingError) Error() string {
	if e.App != nil {
		return "waiting for you to confirm the use of " + e.App.Name + " in the browser"
	}
	return "waiting for you to sign in to " + e.Proxy + " in the browser"
}

// Hints and ExitCode are what package access says of errors.
func (e *PendingError) Hints() []string {
	if e.App != nil {
		return []string{"finish it there and try again, or run: " + e.App.Command()}
	}
	return []string{"finish it there and try again, or run: " + (&access.NotLoggedInError{Proxy: e.Proxy}).Command()}
}
func (e *PendingError) ExitCode() int {
	if e.App != nil {
		return exitError
	}
	return access.ExitNotLoggedIn
}
func (e *PendingError) ErrorCode() errcode.Code {
	if e.App != nil {
		return e.App.ErrorCode()
	}
	return errcode.LoginPending
}

// exitError is the exit code of errors that are no matter of logging in.
const exitError = 1

// OtherError means that a sign-in would have made the bridge somebody else's. It
// counts as one that came to nothing.
type OtherError struct{ Why string }

func (e *OtherError) Error() string           { return e.Why }
func (e *OtherError) ErrorCode() errcode.Code { return errcode.WrongUser }

// DeniedError means that the person, or the cluster, refused the sign-in.
type DeniedError struct{ Message string }

func (e *DeniedError) Error() string           { return "the sign-in was refused: " + e.Message }
func (e *DeniedError) ErrorCode() errcode.Code { return errcode.SignInDenied }

// ClosedError means that a bridge must not open the browser by itself.
type ClosedError struct {
	Missing *access.NotLoggedInError
	Why     string
}

func (e *ClosedError) Error() string { return e.Missing.Error() + " (" + e.Why + ")" }

// Unwrap returns what is missing.
func (e *ClosedError) Unwrap() error { return e.Missing }

// Refuse is the error for requests that need a login that is not to be made now.
// One that ends at over is taken for expired by the cluster.
func (g *Gate) Refuse(proxy string, over time.Time, why string) error {
	missing := &access.NotLoggedInError{Proxy: proxy}
	switch c, err := g.Clusters.OpenLogin(g.Source.At(proxy)); {
	case err != nil:
		errors.As(err, &missing)
	case c.Profile.Expires.Equal(over):
		missing = c.Overruled()
	default:
		missing = c.Expired()
	}
	return &ClosedError{Missing: missing, Why: why}
}
