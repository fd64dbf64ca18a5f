// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"io"
	"net/http"
)

// A Denial is how the app service tells that a user may not use an MCP app
// (protocol.md 15.3). Web apps are not touched by it.
type Denial int

const (
	// DenyNotFound answers 404, as JSON, whatever the reason, and 403 to a locked
	// user. A raw app's first message is answered with an error. This is the default.
	DenyNotFound Denial = iota
	// DenyForbidden answers 403, as JSON, with the reason. At a raw app only a
	// missing second factor is told.
	DenyForbidden
	// DenyBelowTLS writes the denial where the proxy expects TLS: the proxy
	// answers 502 after AppTimes.Denial, and what is no GET 500 at once if it is
	// sent on the same connection to the app service again. At a raw app it is EOF,
	// at once or, if a second factor is missing, after AppTimes.RawDenial.
	DenyBelowTLS
	// DenyError answers 500, and a raw app's client with EOF.
	DenyError
)

// SetDenial chooses how MCP apps are denied.
func (f *faults) SetDenial(d Denial) { f.set(func(s *switches) { s.denial = d }) }

// A verdict is what the app service thinks of a user who asks for an app.
type verdict int

const (
	allowed verdict = iota
	notAllowed
	needsMFA
	lockedOut
)

// judge decides whether the user of a request may use an app, by the roles as
// they are now.
func (s *appService) judge(call *appCall) verdict {
	roles := call.home.rolesOf(call.identity)
	_, exists := call.home.appByAddr(call.session.PublicAddr)
	switch {
	case s.root.locked(call.session.Username), call.home.locked(call.identity.Username):
		return lockedOut
	case !exists || !call.home.mayUse(call.identity, call.app):
		return notAllowed
	case call.identity.MFADevice == "" && mfaNeeded(roles, call.identity.Traits, call.app):
		return needsMFA
	}
	return allowed
}

// denyWeb refuses a request to a web app: whether it exists is not told.
func denyWeb(w http.ResponseWriter, v verdict) {
	if v == lockedOut {
		deny(w, http.StatusForbidden)
		return
	}
	deny(w, http.StatusNotFound)
}

// denyMCPApp refuses a request to an MCP app.
func (s *appService) denyMCPApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	switch call.faults.denial {
	case DenyBelowTLS:
		s.denyBelowTLS(w, r, call)
	case DenyError:
		bare(w, http.StatusInternalServerError)
	case DenyForbidden:
		denyMCP(w, call, http.StatusForbidden, reasons[call.link.verdict])
	default:
		if call.link.verdict == lockedOut {
			denyMCP(w, call, http.StatusForbidden, reasons[lockedOut])
			return
		}
		denyMCP(w, call, http.StatusNotFound, "not found")
	}
}

var reasons = map[verdict]string{
	notAllowed: "access to app denied",
	needsMFA:   "access to app denied: this needs a second factor for each session",
	lockedOut:  "access denied",
}

// denyBelowTLS answers as a proxy does that waits for TLS in vain. Whoever is
// first on such a connection waits; what comes second finds it broken, and only
// a GET is tried again on another one.
func (s *appService) denyBelowTLS(w http.ResponseWriter, r *http.Request, call *appCall) {
	if call.link.broken && r.Method != http.MethodGet {
		call.link = nil
		bare(w, http.StatusInternalServerError)
		return
	}
	call.link.broken = true
	if wait(r.Context(), s.times.Denial) {
		bare(w, http.StatusBadGateway)
	}
}

// deny answers for the proxy, with a status and its text.
func deny(w http.ResponseWriter, status int) {
	http.Error(w, http.StatusText(status), status)
}

// bare answers as the forwarding part of proxy and app service does: with no more
// than the text of the status.
func bare(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, http.StatusText(status))
}
