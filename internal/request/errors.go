// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// exitError is the exit code of these errors.
const exitError = 1

const askAdmin = "ask your Teleport administrator"

// NothingError means that the cluster lets its user request nothing.
type NothingError struct {
	Cluster, User string
	App           string   // that was asked for, or empty
	Named         []string // see [access.Source]
}

func (e *NothingError) Error() string {
	if e.App != "" {
		return fmt.Sprintf("%s does not let %s request %s, nor any role", e.Cluster, e.User, e.App)
	}
	return fmt.Sprintf("%s does not let %s request a role", e.Cluster, e.User)
}

func (e *NothingError) Hints() []string {
	return []string{plain.Again(e.Named, "ls", "--requestable") + " shows the MCP servers that you may request; a role of yours must have allow.request for more: " + askAdmin}
}
func (e *NothingError) ExitCode() int           { return exitError }
func (e *NothingError) ErrorCode() errcode.Code { return errcode.RequestNotOffered }

// ReasonError means that the cluster takes no request without a reason.
type ReasonError struct{ Prompt string }

func (e *ReasonError) Error() string {
	if e.Prompt != "" {
		return "this cluster requires a reason with each request: " + e.Prompt
	}
	return "this cluster requires a reason with each request"
}
func (e *ReasonError) Hints() []string         { return []string{"give it with --reason='why you need it'"} }
func (e *ReasonError) ExitCode() int           { return exitError }
func (e *ReasonError) ErrorCode() errcode.Code { return errcode.RequestReason }

// RoleError means that a role is not among those that the user may request.
type RoleError struct {
	Role  string
	Roles []string // that can be
	Has   bool     // the user has it
}

func (e *RoleError) Error() string {
	if e.Has {
		return fmt.Sprintf("you already have the role %q", e.Role)
	}
	return fmt.Sprintf("the role %q is not one that you may request", e.Role)
}
func (e *RoleError) Hints() []string {
	return []string{"you may request: " + strings.Join(e.Roles, ", ")}
}
func (e *RoleError) ExitCode() int { return exitError }

func (e *RoleError) ErrorCode() errcode.Code {
	if e.Has {
		return errcode.RequestNeedless
	}
	return errcode.RequestNotOffered
}

// UsableError means that there is nothing to request: the app may be used.
type UsableError struct {
	App   string
	Roles []string // that may allow more of its tools
	Named []string // see [access.Source]
}

func (e *UsableError) Error() string { return "you may use " + e.App + " already" }

func (e *UsableError) Hints() []string {
	if len(e.Roles) > 0 {
		return []string{"a role may allow more of its tools: " + plain.Again(e.Named, "request", "create", "--roles="+strings.Join(e.Roles, ","))}
	}
	return []string{plain.Again(e.Named, "ls") + " shows the tools that your roles allow"}
}
func (e *UsableError) ExitCode() int           { return exitError }
func (e *UsableError) ErrorCode() errcode.Code { return errcode.RequestNeedless }

// ByRoleError means that an app cannot be requested by its name, but roles can that
// may allow it.
type ByRoleError struct {
	App, Cluster string
	Roles        []string
	Named        []string // see [access.Source]
}

func (e *ByRoleError) Error() string {
	return fmt.Sprintf("%s has no app %q that you may request by its name", e.Cluster, e.App)
}

func (e *ByRoleError) Hints() []string {
	return []string{"you may request a role: " + plain.Again(e.Named, "request", "create", "--roles="+strings.Join(e.Roles, ","))}
}
func (e *ByRoleError) ExitCode() int           { return exitError }
func (e *ByRoleError) ErrorCode() errcode.Code { return errcode.RequestNotOffered }

// PendingError means that a request is not decided yet.
type PendingError struct{ ID, Proxy string }

func (e *PendingError) Error() string { return "access request " + e.ID + " is waiting for approval" }

func (e *PendingError) Hints() []string {
	return []string{"once it is approved: " + assumeCommand(e.ID, e.Proxy) + "; --wait waits for it"}
}
func (e *PendingError) ExitCode() int           { return exitError }
func (e *PendingError) ErrorCode() errcode.Code { return errcode.RequestPending }

// DeniedError means that reviewers have refused a request.
type DeniedError struct {
	ID     string
	By     []string
	Reason string
}

func (e *DeniedError) Error() string {
	text := "access request " + e.ID + " was denied"
	if len(e.By) > 0 {
		text += " by " + strings.Join(e.By, ", ")
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}
func (e *DeniedError) Hints() []string {
	return []string{"ask whoever decided; another request may tell them more in --reason"}
}
func (e *DeniedError) ExitCode() int           { return exitError }
func (e *DeniedError) ErrorCode() errcode.Code { return errcode.RequestDenied }

// PromotedError means that a request has become the membership of an access list.
type PromotedError struct{ ID, Proxy string }

func (e *PromotedError) Error() string {
	return "access request " + e.ID + " was promoted to an access list, so there is nothing to assume"
}
func (e *PromotedError) Hints() []string {
	return []string{"sign in again to get it: " + plain.Command("tshmcp", "login", "--proxy="+e.Proxy)}
}
func (e *PromotedError) ExitCode() int           { return exitError }
func (e *PromotedError) ErrorCode() errcode.Code { return errcode.RequestNotAssumable }

// OverError means that the time of a request is over, or that it is there no more:
// clusters delete what nobody has decided in time.
type OverError struct {
	ID      string
	Expired time.Time // zero: it is gone
}

func (e *OverError) Error() string {
	if e.Expired.IsZero() {
		return "access request " + e.ID + " is no longer there: nobody has decided in time, or it was deleted"
	}
	return fmt.Sprintf("access request %s ended at %s", e.ID, access.LocalTime(e.Expired))
}
func (e *OverError) Hints() []string         { return []string{"make another one: tshmcp request create NAME"} }
func (e *OverError) ExitCode() int           { return exitError }
func (e *OverError) ErrorCode() errcode.Code { return errcode.RequestOver }

// EarlyError means that an approved request begins later.
type EarlyError struct {
	ID, Proxy string
	Starts    time.Time
}

func (e *EarlyError) Error() string {
	return fmt.Sprintf("access request %s is approved from %s on", e.ID, access.LocalTime(e.Starts))
}
func (e *EarlyError) Hints() []string         { return []string{"then: " + assumeCommand(e.ID, e.Proxy)} }
func (e *EarlyError) ExitCode() int           { return exitError }
func (e *EarlyError) ErrorCode() errcode.Code { return errcode.RequestPending }

// OtherKindError means that a request is for resources beside apps, which this
// program does not know.
type OtherKindError struct{ ID string }

func (e *OtherKindError) Error() string {
	return "access request " + e.ID + " is also for resources that are not apps"
}
func (e *OtherKindError) Hints() []string {
	return []string{"use it with tsh, and request the MCP server by itself: tshmcp request create NAME"}
}
func (e *OtherKindError) ExitCode() int           { return exitError }
func (e *OtherKindError) ErrorCode() errcode.Code { return errcode.RequestNotAssumable }

// NotAssumedError means that there is nothing to drop.
type NotAssumedError struct {
	ID      string // empty: anything
	Assumed []string
}

func (e *NotAssumedError) Error() string {
	if e.ID == "" {
		return "no access request is assumed"
	}
	return "access request " + e.ID + " is not assumed"
}

func (e *NotAssumedError) Hints() []string {
	if len(e.Assumed) > 0 {
		return []string{"assumed: " + strings.Join(e.Assumed, ", ")}
	}
	return []string{"tshmcp request ls shows your requests"}
}
func (e *NotAssumedError) ExitCode() int           { return exitError }
func (e *NotAssumedError) ErrorCode() errcode.Code { return errcode.RequestNotAssumed }

// NotFoundError means that the user has no such request.
type NotFoundError struct{ Err error }

func (e *NotFoundError) Error() string           { return e.Err.Error() }
func (e *NotFoundError) Unwrap() error           { return e.Err }
func (e *NotFoundError) Hints() []string         { return []string{"tshmcp request ls shows your requests"} }
func (e *NotFoundError) ExitCode() int           { return exitError }
func (e *NotFoundError) ErrorCode() errcode.Code { return errcode.RequestNotFound }

// RefusedError means that the cluster does not take a request as it is.
type RefusedError struct{ Err *teleport.AuthError }

func (e *RefusedError) Error() string { return "the cluster refuses: " + e.Err.Message }
func (e *RefusedError) Unwrap() error { return e.Err }
func (e *RefusedError) Hints() []string {
	return []string{"tshmcp ls --requestable shows what you may request; else " + askAdmin}
}
func (e *RefusedError) ExitCode() int           { return exitError }
func (e *RefusedError) ErrorCode() errcode.Code { return errcode.RequestRefused }

// refused puts the cluster's word as a person needs it.
func refused(err error) error {
	var (
		missing *teleport.RequestNotFoundError
		failed  *teleport.AuthError
		policy  *teleport.PolicyError
		locked  *teleport.LockedError
	)
	switch {
	case errors.As(err, &missing):
		return &NotFoundError{Err: err}
	case errors.As(err, &policy), errors.As(err, &locked):
		return err
	case errors.As(err, &failed) && (failed.Denied() || failed.BadRequest() || failed.Unimplemented()):
		return &RefusedError{Err: failed}
	}
	return err
}

func assumeCommand(id, proxy string) string {
	return plain.Command("tshmcp", "request", "assume", id, "--proxy="+proxy)
}

// waitCommand waits for a request's decision and takes it up.
func (d *Desk) waitCommand(id string) string {
	return plain.Command("tshmcp", "request", "assume", id, "--proxy="+d.Cluster.Profile.Proxy, "--wait")
}

// dropCommand gives up what was assumed by a request.
func (d *Desk) dropCommand(id string) string {
	return plain.Command("tshmcp", "request", "drop", id, "--proxy="+d.Cluster.Profile.Proxy)
}
