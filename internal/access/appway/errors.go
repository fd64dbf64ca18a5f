// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"fmt"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// exitError is the exit code of these errors.
const exitError = 1

// notAllowedError means that the app service knows the app and refuses the user,
// whose roles do not let the auth service list it.
type notAllowedError struct {
	Name, Cluster string
	Offer         []string // the hint that shows how to request it, if that can be
}

func (e *notAllowedError) Error() string {
	return fmt.Sprintf("your roles in %s do not allow %s, or no longer do", e.Cluster, e.Name)
}

func (e *notAllowedError) Hints() []string {
	return append(slices.Clone(e.Offer), "ask your Teleport administrator; access that you get back works with the next request, a new role after tshmcp login --force")
}
func (e *notAllowedError) ExitCode() int           { return exitError }
func (e *notAllowedError) ErrorCode() errcode.Code { return errcode.AppDenied }

// appGoneError means that the app was refused by somebody who may not know it,
// and that the auth service does not list it.
type appGoneError struct{ Err *access.UnknownServerError }

func (e *appGoneError) Error() string { return e.Err.Error() }
func (e *appGoneError) Unwrap() error { return e.Err }

func (e *appGoneError) Hints() []string {
	return append(e.Err.Hints(), "it was deleted, its app service is offline, or your roles no longer allow it")
}
func (e *appGoneError) ExitCode() int           { return exitError }
func (e *appGoneError) ErrorCode() errcode.Code { return errcode.AppNotFound }

// RefusedError is what Teleport said in the app's place, where the user's
// access is not what is wrong.
type RefusedError struct {
	Name    string
	Refusal teleport.Refusal
	Err     error // why the cluster could not be asked about it, or nil
}

func (e *RefusedError) Error() string {
	text := fmt.Sprintf(refusalTexts[e.Refusal].says, e.Name)
	if e.Err != nil {
		text += ", and the cluster could not be asked why: " + e.Err.Error()
	}
	return text
}

func (e *RefusedError) Unwrap() error { return e.Err }

func (e *RefusedError) Hints() []string {
	if hint := refusalTexts[e.Refusal].hint; hint != "" {
		return []string{hint}
	}
	return nil
}
func (e *RefusedError) ExitCode() int           { return exitError }
func (e *RefusedError) ErrorCode() errcode.Code { return refusalTexts[e.Refusal].code }

// ForgottenError means that app sessions were refused one after another as
// unknown, so often that no further one is begun now.
type ForgottenError struct {
	Name  string
	Until time.Time // when one is begun again; zero: with the next request

	wait time.Duration // until then
}

func (e *ForgottenError) Error() string {
	text := "the app session of " + e.Name + " was refused as unknown again and again"
	if e.Until.IsZero() {
		return text
	}
	return text + ", and no other one is started before " + e.Until.Local().Format(time.TimeOnly)
}

func (e *ForgottenError) Hints() []string {
	return []string{"the request was not executed: try again; if that keeps happening, ask your Teleport administrator whether a proxy keeps restarting, or whoever runs " +
		e.Name + " whether it answers Forbidden by itself"}
}
func (e *ForgottenError) ExitCode() int           { return exitError }
func (e *ForgottenError) ErrorCode() errcode.Code { return errcode.SessionForgotten }

// refusalTexts says what a refusal means, of the app's name, and what to do.
var refusalTexts = map[teleport.Refusal]struct {
	says, hint string
	code       errcode.Code
}{
	teleport.SessionUnknown: {
		"Teleport refused the request to %s although you may use it: the app is offline",
		"ask your Teleport administrator whether its app service is up; a cluster that has just started needs a few more seconds",
		errcode.AppOffline,
	},
	teleport.AccessDenied: {
		"Teleport denies access to %s although your roles allow it",
		"if access was given or a lock removed a moment ago, try again in half a minute; else ask your Teleport administrator",
		errcode.AppDenied,
	},
	teleport.AppUnreachable: {
		"Teleport cannot reach the MCP server behind %s: it is down, or not at the app's address",
		"ask your administrator whether it is up; it is used again as soon as it is",
		errcode.ServerUnreachable,
	},
	teleport.AppSilent: {
		"the MCP server behind %s closed the connection without an answer; the request may have been executed",
		"ask whoever runs it whether it crashed or was restarted",
		errcode.ServerHungUp,
	},
	teleport.AppSlow: {
		fmt.Sprintf("the MCP server behind %%s did not start to answer within %d seconds, Teleport's limit for MCP apps; the request may still be running", teleport.AppHeaderLimit),
		"ask for less at a time; a server that reports progress on an event stream may take longer",
		errcode.ServerSlow,
	},
	teleport.AnswerTooLong: {
		fmt.Sprintf("the answer of %%s is longer than %d MiB, Teleport's limit for MCP apps; the request was executed", teleport.AppAnswerLimit>>20),
		"ask for less at a time: a page, a filter, fewer fields",
		errcode.AnswerTooLarge,
	},
	teleport.AnswerUnusable: {
		"Teleport does not pass on the answer of the MCP server behind %s; the request may have been executed",
		"ask whoever runs it whether the app's address is that of an MCP server over streamable HTTP",
		errcode.AnswerMalformed,
	},
	teleport.RequestRefused: {"Teleport did not pass the request on to %s", "", errcode.AppNotServed},
}
