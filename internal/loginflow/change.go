// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"fmt"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// OtherUserError means that a login brings another user than it must.
type OtherUserError struct {
	Proxy, Cluster string
	User           string // whom it brings
	Before         string // whom it must bring
	Named          string // Before, if somebody has named that user for this login
	Bridge         bool   // nobody can agree to it
}

// askable says whether a person can agree to it.
func (e *OtherUserError) askable() bool { return e.Named == "" && !e.Bridge }

func (e *OtherUserError) Error() string {
	user, before := plain.Line(e.User), plain.Line(e.Before)
	switch {
	case e.Bridge:
		return fmt.Sprintf("%s signed in in the browser, but this bridge runs as %s: sign in as %s", user, before, before)
	case e.Named != "":
		return fmt.Sprintf("%s signed in %s, but this login is for %s", plain.Line(e.Cluster), user, before)
	}
	return fmt.Sprintf("this would replace %s's login to %s by one of %s", before, e.Proxy, user)
}

// Hints say how to get either of the two.
func (e *OtherUserError) Hints() []string {
	hints := []string{"nothing was stored; sign in as " + plain.Line(e.Before)}
	if e.Named != "" {
		return hints
	}
	return append(hints,
		"to change the user, run: "+plain.Command("tshmcp", "login", "--proxy="+e.Proxy, "--user="+inCommand(e.User)),
		"or end the previous login first: "+plain.Command("tshmcp", "logout", "--proxy="+e.Proxy))
}

// ExitCode is that of a login that failed.
func (e *OtherUserError) ExitCode() int           { return exitError }
func (e *OtherUserError) ErrorCode() errcode.Code { return errcode.WrongUser }

// plainName is a user's name that a shell takes as it is.
var plainName = pattern.New(`^[A-Za-z0-9][A-Za-z0-9._@+-]*$`)

// inCommand is a user's name for a command line that is copied.
func inCommand(user string) string {
	if plainName.MatchString(user) {
		return user
	}
	return "NAME"
}

// OtherClusterError means that a proxy answers as another cluster than the one
// that the login before was to.
type OtherClusterError struct{ Proxy, Before, Now string }

func (e *OtherClusterError) Error() string {
	return fmt.Sprintf("%s answers as the cluster %s, but the previous login was to %s", e.Proxy, plain.Line(e.Now), plain.Line(e.Before))
}

func (e *OtherClusterError) Hints() []string {
	return []string{"nothing was stored; ask your Teleport administrator, and if that is right, end the previous login first: " + plain.Command("tshmcp", "logout", "--proxy="+e.Proxy)}
}
func (e *OtherClusterError) ExitCode() int           { return exitError }
func (e *OtherClusterError) ErrorCode() errcode.Code { return errcode.WrongCluster }

// NothingToRenewError means that a bridge would log in where there is no login,
// or none that was made with the proxy verified.
type NothingToRenewError struct{ Proxy string }

func (e *NothingToRenewError) Error() string {
	return "there is no login to " + e.Proxy + " that could be renewed"
}
func (e *NothingToRenewError) Hints() []string {
	return []string{"run: " + plain.Command("tshmcp", "login", "--proxy="+e.Proxy)}
}
func (e *NothingToRenewError) ExitCode() int           { return access.ExitNotLoggedIn }
func (e *NothingToRenewError) ErrorCode() errcode.Code { return errcode.LoginMissing }
