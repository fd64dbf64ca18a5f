// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"cmp"
	"net/http"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
)

// Errors of this package that a person can do something about say what, in
// Hints, and with which code the program ends because of them, in ExitCode.
// Where that is 0, the cause has more to say.
const (
	exitError = 1
	exitUsage = 2
)

// The hints that several errors have.
const (
	// LockHint is for a user whom an administrator has locked.
	LockHint = "an administrator has locked you out, and only an administrator can end that"
	tshHint  = "use tsh for this cluster"
)

// Hints are for a user whom the auth service refuses something, without being
// locked, and for a service that does not answer.
func (e *AuthError) Hints() []string {
	switch {
	case e.Code == rpc.Unimplemented:
		return []string{"the cluster does not know this call: it or tshmcp is too old for the other; tshmcp speaks Teleport " + Version + ", and tshmcp login says which one to upgrade"}
	case !e.Denied():
		return []string{busyHint}
	}
	return []string{"a role may be missing: ask your Teleport administrator; a new one counts after tshmcp login --force"}
}

// ExitCode is 0 for a call that was not denied, and did not wait in vain, but for one
// whose cause says nothing.
func (e *AuthError) ExitCode() int {
	switch {
	case e.Denied(), e.Code == rpc.DeadlineExceeded, e.Code == rpc.Unimplemented:
		return exitError
	case isSilent(e.Err) && errcode.Explain(e.Err) == nil:
		return exitError
	}
	return 0
}

// ErrorCode is the cause's where the service was not reached.
func (e *AuthError) ErrorCode() errcode.Code {
	switch e.Code {
	case rpc.PermissionDenied, rpc.Unauthenticated:
		return errcode.RoleDenied
	case rpc.DeadlineExceeded:
		return errcode.AuthTimeout
	case rpc.Unavailable, rpc.Canceled:
		return errcode.Or(e.Err, errcode.AuthUnreachable)
	}
	return errcode.AuthError
}

func (e *LockedError) Hints() []string         { return []string{LockHint} }
func (e *LockedError) ExitCode() int           { return exitError }
func (e *LockedError) ErrorCode() errcode.Code { return errcode.Locked }

func (e *PolicyError) Hints() []string { return []string{tshHint} }
func (e *PolicyError) ExitCode() int   { return exitError }

func (e *PolicyError) ErrorCode() errcode.Code {
	if e.Policy == "" {
		return errcode.DeviceRequired
	}
	return errcode.HardwareKeyRequired
}

func (e *AppNotFoundError) Hints() []string         { return []string{"tshmcp ls shows what you may use"} }
func (e *AppNotFoundError) ExitCode() int           { return exitError }
func (e *AppNotFoundError) ErrorCode() errcode.Code { return errcode.AppNotFound }

func (e *EgressError) Hints() []string {
	setting := cmp.Or(e.Setting, "HTTPS_PROXY")
	switch {
	case e.Login:
		return []string{setting + " must have the right user and password: socks5://USER:PASSWORD@HOST:PORT, with %23 for a # in it and the like"}
	case e.Status == 0 && !e.Refused:
		return []string{setting + " names it; NO_PROXY=HOST goes to the Teleport proxy directly"}
	case e.Status == http.StatusProxyAuthRequired:
		return []string{setting + " must have the right user and password: http://USER:PASSWORD@HOST:PORT, with %23 for a # in it and the like"}
	}
	return []string{"it does not connect to the Teleport proxy: ask your network's administrator; NO_PROXY=HOST goes there directly"}
}
func (e *EgressError) ExitCode() int { return exitError }

func (e *EgressError) ErrorCode() errcode.Code {
	switch {
	case e.Login, e.Status == http.StatusProxyAuthRequired:
		return errcode.NetworkProxyAuth
	case e.Refused, e.Status != 0:
		return errcode.NetworkProxyRefused
	}
	return errcode.NetworkProxyUnreachable
}

func (e *UpgradeError) Hints() []string {
	switch {
	case e.Forbidden:
		return []string{"TELEPORT_TLS_ROUTING_CONN_UPGRADE says no: without it, or with HOST:PORT=yes in it, they go through a websocket"}
	case e.Status == http.StatusNotFound:
		return []string{"a load balancer ends TLS before the proxy, and the proxy is too old to be reached that way (which needs Teleport 15.1), or the load balancer does not pass that path on: ask your Teleport administrator"}
	}
	return []string{"a load balancer ends TLS before the proxy, and must let websockets through to /webapi/connectionupgrade: ask your Teleport administrator"}
}
func (e *UpgradeError) ExitCode() int { return exitError }

func (e *UpgradeError) ErrorCode() errcode.Code {
	if e.Forbidden {
		return errcode.UpgradeDisabled
	}
	return errcode.UpgradeRefused
}

func (e *NoTLSRoutingError) Hints() []string {
	return []string{
		"an administrator turns that on with proxy_listener_mode: multiplex in the auth_service section of teleport.yaml",
		"until then " + tshHint + "; an application output of tbot works here too: --identity=DIR --proxy=ADDR",
	}
}
func (e *NoTLSRoutingError) ExitCode() int           { return exitError }
func (e *NoTLSRoutingError) ErrorCode() errcode.Code { return errcode.TLSRoutingOff }
