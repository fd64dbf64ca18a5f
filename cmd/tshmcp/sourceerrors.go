// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/identfile"
)

// identityHint says what --identity takes.
const identityHint = "--identity takes a file of tctl auth sign or tbot, or a directory that tbot writes to"

// tshError means that tsh has a login that cannot be used. For everything else
// it is as if there were none: it unwraps to a notLoggedInError too.
type tshError struct {
	Proxy string // may be empty
	Err   error
}

func (e *tshError) Error() string {
	login := "the tsh login"
	if e.Proxy != "" {
		login += " to " + e.Proxy
	}
	return unusable(login, e.Err)
}

func (e *tshError) Unwrap() []error {
	missing := &notLoggedInError{Proxy: e.Proxy}
	var expired *identfile.ExpiredError
	if errors.As(e.Err, &expired) {
		missing.Expired = expired.Expires
	}
	return []error{missing, e.Err}
}

// identityError means that the identity in a file cannot be used.
type identityError struct {
	File string
	Err  error
}

func (e *identityError) Error() string { return unusable("the identity in "+e.File, e.Err) }
func (e *identityError) Unwrap() error { return e.Err }

// unusable says why an identity of another program cannot be used.
func unusable(what string, err error) string {
	var (
		expired  *identfile.ExpiredError
		hardware *identfile.HardwareKeyError
	)
	switch {
	case errors.As(err, &expired):
		return fmt.Sprintf("%s expired at %s", what, localTime(expired.Expires))
	case errors.As(err, &hardware):
		return what + " has its private key on a hardware token (PIV), which tshmcp cannot use"
	}
	return fmt.Sprintf("%s cannot be read: %v", what, err)
}

func localTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04 MST") }

// oneAppError means that an identity opens one app, and something else was
// wanted.
type oneAppError struct {
	File, App string
	Cluster   string // that has the app, where another one was asked for
}

func (e *oneAppError) Error() string {
	if e.Cluster != "" {
		return fmt.Sprintf("the certificate in %s is for the app %q of %s alone", e.File, e.App, e.Cluster)
	}
	return fmt.Sprintf("the certificate in %s is for the app %q alone", e.File, e.App)
}

// noReissueError means that the cluster gives this identity no certificate for
// an app.
type noReissueError struct{ File string }

func (e *noReissueError) Error() string {
	return fmt.Sprintf("the identity in %s may not get certificates for apps", e.File)
}

// explainSource phrases what is wrong with an identity of another program. That
// of tsh is left to explainLogin: a login of tshmcp's own mends it.
func explainSource(err error) (string, []string, int) {
	var (
		identity *identityError
		expired  *identfile.ExpiredError
		oneApp   *oneAppError
		reissue  *noReissueError
	)
	switch {
	case errors.As(err, &identity) && errors.As(err, &expired):
		return err.Error(), []string{"have tctl auth sign or tbot write a new one; a running connect takes it up by itself"}, exitNotLoggedIn
	case errors.As(err, &identity):
		return err.Error(), []string{identityHint}, exitError
	case errors.As(err, &oneApp):
		return err.Error(), []string{
			"tshmcp config and tshmcp connect work with it for that app; for others: an identity file of tctl auth sign or tbot",
		}, exitError
	case errors.As(err, &reissue):
		return err.Error(), []string{
			"set allow_reissue: true on that output of tbot, or give the directory of an application output",
		}, exitError
	}
	return "", nil, 0
}
