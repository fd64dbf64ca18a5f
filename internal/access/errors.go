// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// exitError is the exit code of most errors of this package.
const exitError = 1

// ExitNotLoggedIn is the exit code where a login is missing.
const ExitNotLoggedIn = 4

// NotLoggedInError means that there is no login, or none that is still valid.
type NotLoggedInError struct {
	Proxy   string    // empty: no login at all
	AnyPort bool      // the port of Proxy is a guess
	Expired time.Time // zero: never logged in
	// Overruled tells that it is the cluster that takes the login for expired,
	// before its time by this machine's clock.
	Overruled bool
	// Ending tells that it lasts for a moment more, too short to be used.
	Ending bool
	By     Reading
	// Unverified tells that there is a login, made with --insecure, which is good
	// with that alone.
	Unverified bool
}

func (e *NotLoggedInError) Error() string {
	switch {
	case e.Proxy == "":
		return "not logged in to any cluster"
	case e.Unverified:
		return "the login to " + e.Proxy + " was made with --insecure, and is not trusted without it"
	case e.Expired.IsZero():
		return "not logged in to " + e.Proxy
	case e.Overruled:
		return fmt.Sprintf("the cluster says that the login to %s has expired, which by this machine's clock is valid until %s: is the clock right?",
			e.Proxy, LocalTime(e.Expired))
	case e.Ending:
		return fmt.Sprintf("the login to %s is about to end, at %s", e.Proxy, LocalTime(e.Expired))
	}
	return fmt.Sprintf("the login to %s expired at %s%s", e.Proxy, LocalTime(e.Expired), e.By)
}

// Command is the command line that mends it.
func (e *NotLoggedInError) Command() string {
	if e.Proxy == "" {
		return "tshmcp login --proxy=ADDR"
	}
	return plain.Command("tshmcp", "login", "--proxy="+e.Address())
}

// Address is that of the proxy as login takes it.
func (e *NotLoggedInError) Address() string {
	if _, port, err := net.SplitHostPort(e.Proxy); err == nil && e.AnyPort {
		return strings.TrimSuffix(e.Proxy, ":"+port) // login finds it
	}
	return e.Proxy
}

func (e *NotLoggedInError) Hints() []string {
	if e.By.Guess != 0 {
		return []string{setClock, "if it says so then too, run: " + e.Command()}
	}
	return []string{"run: " + e.Command()}
}

func (e *NotLoggedInError) ExitCode() int { return ExitNotLoggedIn }

func (e *NotLoggedInError) ErrorCode() errcode.Code {
	switch {
	case e.Unverified:
		return errcode.LoginUnverified
	case e.Expired.IsZero():
		return errcode.LoginMissing
	}
	return errcode.LoginExpired
}

// TSHError means that tsh has a login that cannot be used. For everything else
// it is as if there were none: it unwraps to a NotLoggedInError too.
type TSHError struct {
	Proxy string // may be empty
	By    Reading
	Err   error
}

func (e *TSHError) Error() string {
	login := "the tsh login"
	if e.Proxy != "" {
		login += " to " + e.Proxy
	}
	return unusable(login, e.By, e.Err)
}

func (e *TSHError) missing() *NotLoggedInError {
	missing := &NotLoggedInError{Proxy: e.Proxy, By: e.By}
	var expired *identfile.ExpiredError
	if errors.As(e.Err, &expired) {
		missing.Expired = expired.Expires
	}
	return missing
}

func (e *TSHError) Unwrap() []error { return []error{e.missing(), e.Err} }

// Hints are those of the cause, such as how a file's mode is put right, and the way out
// that always works.
func (e *TSHError) Hints() []string {
	var cause interface {
		error
		Hints() []string
	}
	login := e.missing().Hints()
	if errors.As(e.Err, &cause) {
		return append(cause.Hints(), login...)
	}
	return login
}
func (e *TSHError) ExitCode() int { return ExitNotLoggedIn }

func (e *TSHError) ErrorCode() errcode.Code {
	if missing := e.missing(); !missing.Expired.IsZero() {
		return missing.ErrorCode()
	}
	return errcode.TshLogin
}

// IdentityError means that the identity in a file cannot be used.
type IdentityError struct {
	File string
	By   Reading
	Err  error
}

func (e *IdentityError) Error() string { return unusable("the identity in "+e.File, e.By, e.Err) }
func (e *IdentityError) Unwrap() error { return e.Err }

func (e *IdentityError) expired() bool {
	var expired *identfile.ExpiredError
	return errors.As(e.Err, &expired)
}

func (e *IdentityError) Hints() []string {
	switch {
	case e.expired() && e.By.Guess != 0:
		return []string{setClock}
	case e.expired():
		return []string{"have tctl auth sign or tbot write a new one; a running connect picks it up by itself"}
	case errors.Is(e.Err, fs.ErrPermission):
		return []string{"you may not read it: check who owns it, its mode, and the folders on the way"}
	}
	return []string{"--identity, or TSHMCP_IDENTITY, takes a file from tctl auth sign or tbot, or a directory that tbot writes to"}
}

// ExitCode leaves owners, modes and the like to the cause.
func (e *IdentityError) ExitCode() int {
	var cause interface {
		error
		Hints() []string
	}
	switch {
	case e.expired():
		return ExitNotLoggedIn
	case errors.As(e.Err, &cause):
		return 0
	}
	return exitError
}

// ErrorCode leaves what the cause says itself to it.
func (e *IdentityError) ErrorCode() errcode.Code {
	if e.expired() {
		return errcode.IdentityExpired
	}
	if own := errcode.Own(e.Err); own != "" {
		return own
	}
	return errcode.IdentityUnusable
}

// unusable says why an identity of another program cannot be used.
func unusable(what string, by Reading, err error) string {
	var (
		expired  *identfile.ExpiredError
		hardware *identfile.HardwareKeyError
	)
	switch {
	case errors.As(err, &expired):
		return fmt.Sprintf("%s expired at %s%s", what, LocalTime(expired.Expires), by)
	case errors.As(err, &hardware):
		return what + " has its private key on a hardware token (PIV), which tshmcp cannot use"
	}
	return fmt.Sprintf("%s cannot be read: %v", what, err)
}

// LocalTime is a time as people read it.
func LocalTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04 MST") }

// OneAppError means that an identity opens one app, and something else was
// wanted.
type OneAppError struct {
	File, App string
	Cluster   string // that has the app, where another one was asked for
}

func (e *OneAppError) Error() string {
	if e.Cluster != "" {
		return fmt.Sprintf("the certificate in %s is only for the app %q of %s", e.File, e.App, e.Cluster)
	}
	return fmt.Sprintf("the certificate in %s is only for the app %q", e.File, e.App)
}

func (e *OneAppError) Hints() []string {
	return []string{"tshmcp config and tshmcp connect work with it for that app; for others: an identity file from tctl auth sign or tbot"}
}
func (e *OneAppError) ExitCode() int           { return exitError }
func (e *OneAppError) ErrorCode() errcode.Code { return errcode.IdentityOneApp }

// NoReissueError means that the cluster gives this identity no certificate for
// an app.
type NoReissueError struct{ File string }

func (e *NoReissueError) Error() string {
	return fmt.Sprintf("the identity in %s may not get certificates for apps", e.File)
}

func (e *NoReissueError) Hints() []string {
	return []string{"set allow_reissue: true on that output of tbot, or give the directory of an application output"}
}
func (e *NoReissueError) ExitCode() int           { return exitError }
func (e *NoReissueError) ErrorCode() errcode.Code { return errcode.ReissueDenied }
