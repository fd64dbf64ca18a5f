// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// UnknownLeafError means that the root has no leaf cluster of that name.
type UnknownLeafError struct {
	Leaf, Root string
	Known      []string
}

func (e *UnknownLeafError) Error() string {
	return fmt.Sprintf("%s has no leaf cluster %q", e.Root, e.Leaf)
}

func (e *UnknownLeafError) Hints() []string {
	if len(e.Known) == 0 {
		return []string{"it has none at all: leave out --cluster and TSHMCP_CLUSTER"}
	}
	return []string{"its leaf clusters: " + strings.Join(e.Known, ", ") + "; without --cluster it is " + e.Root + " itself"}
}
func (e *UnknownLeafError) ExitCode() int           { return exitError }
func (e *UnknownLeafError) ErrorCode() errcode.Code { return errcode.LeafUnknown }

// LeafAwayError means that a leaf cluster did not answer.
type LeafAwayError struct {
	Leaf, Root string
	Offline    bool // so says the root
	Err        error
}

func (e *LeafAwayError) Error() string {
	if e.Offline {
		return fmt.Sprintf("the leaf cluster %s is offline and does not answer: %v", e.Leaf, e.Err)
	}
	return fmt.Sprintf("the leaf cluster %s does not answer, although %s says that it is online: %v", e.Leaf, e.Root, e.Err)
}

func (e *LeafAwayError) Unwrap() error { return e.Err }
func (e *LeafAwayError) Hints() []string {
	return []string{"try again in a minute; if that does not help, ask the Teleport administrator of " + e.Leaf + " whether it is connected to " + e.Root}
}
func (e *LeafAwayError) ExitCode() int           { return exitError }
func (e *LeafAwayError) ErrorCode() errcode.Code { return errcode.LeafAway }

// LeafUnverifiedError means that what answers for a leaf cluster is not verified
// by the CA that the root has just told.
type LeafUnverifiedError struct {
	Leaf, Root string
	Err        error
}

func (e *LeafUnverifiedError) Error() string {
	return fmt.Sprintf("what answers for the leaf cluster %s is not verified by the CA that %s has for it: %v", e.Leaf, e.Root, e.Err)
}

func (e *LeafUnverifiedError) Unwrap() error { return e.Err }
func (e *LeafUnverifiedError) Hints() []string {
	return []string{"if " + e.Leaf + " is having its CA rotated, try again in a minute; if that does not help, something on the way ends TLS"}
}
func (e *LeafUnverifiedError) ExitCode() int           { return exitError }
func (e *LeafUnverifiedError) ErrorCode() errcode.Code { return errcode.LeafCertUntrusted }

// LeafStrangerError means that a leaf cluster does not know who issued the user's
// certificate: the root did, with a CA that is no longer, or not yet, known there.
type LeafStrangerError struct {
	Leaf, Root string
	Proxy      string // of the root
	From       Origin
	Err        error
}

func (e *LeafStrangerError) Error() string {
	return fmt.Sprintf("the leaf cluster %s does not accept your certificate, which %s issued: %v", e.Leaf, e.Root, e.Err)
}

func (e *LeafStrangerError) Unwrap() error { return e.Err }

func (e *LeafStrangerError) Hints() []string {
	renew := "sign in again: " + plain.Command("tshmcp", "login", "--proxy="+e.Proxy, "--force")
	switch e.From {
	case FromTSH:
		renew = "sign in again with tsh"
	case FromFile:
		renew = "have a new identity file written"
	}
	return []string{renew, fmt.Sprintf("if that does not help, %s does not know the CA with which %s signs its users' certificates now: try again in a minute, then ask the Teleport administrator of %[1]s", e.Leaf, e.Root)}
}
func (e *LeafStrangerError) ExitCode() int           { return exitError }
func (e *LeafStrangerError) ErrorCode() errcode.Code { return errcode.CertRefused }

// LeafDeniedError means that a leaf cluster lets the user do nothing.
type LeafDeniedError struct {
	Leaf, Root string
	Roles      []string // at the root
	Err        error
}

func (e *LeafDeniedError) Error() string {
	return fmt.Sprintf("the leaf cluster %s refuses you: %v", e.Leaf, e.Err)
}

func (e *LeafDeniedError) Unwrap() error { return e.Err }
func (e *LeafDeniedError) Hints() []string {
	return []string{fmt.Sprintf("its trust in %s must map one of your roles there (%s) to a role of its own (role_map): ask the Teleport administrator of %s",
		e.Root, cmp.Or(strings.Join(e.Roles, ", "), "you have none"), e.Leaf)}
}
func (e *LeafDeniedError) ExitCode() int           { return exitError }
func (e *LeafDeniedError) ErrorCode() errcode.Code { return errcode.LeafDenied }
