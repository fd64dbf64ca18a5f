// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// JSON-RPC errors of the app service (protocol.md 8.3, 15.3).
const (
	toolDeniedMessage  = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."
	toolDeniedReason   = "access to app denied. User does not have permissions. "
	badRequestMessage  = "Teleport did not forward an invalid Request object."
	nameMissingReason  = `"name" parameter missing`
	notRequestMessage  = "not a MCP request or notification"
	invalidBodyMessage = "invalid request body "
)

// mcpCall is a request to an MCP app.
type mcpCall struct {
	*appCall
	service *appService
	roles   []Role // that decide on tools
}

// serveMCP serves an MCP app over streamable HTTP (protocol.md 8.3, 15).
func (s *appService) serveMCP(w http.ResponseWriter, r *http.Request, base *appCall) {
	roles := func() []Role { return base.home.rolesOf(base.identity) }
	call := &mcpCall{appCall: base, service: s, roles: s.sessions.toolRoles(base.session, s.times.MCPTools, roles)}
	switch r.Method {
	case http.MethodGet, http.MethodDelete:
	case http.MethodPost:
		if !call.readMessage(w, r) {
			return
		}
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	s.forward(w, r, base, proxyHooks{
		rewritePath: func(u *url.URL) { defaultPath(u, call.target) },
		onResponse:  func(resp *http.Response) error { return call.rewriteResponse(resp) },
		onError:     func(w http.ResponseWriter, _ *http.Request, err error) { mcpError(w, call.home.mcp, err) },
	})
}

// defaultPath gives a request for "/" the path of the app's URI.
func defaultPath(u, target *url.URL) {
	if target.Path != "" && (u.Path == "" || u.Path == "/") {
		u.Path, u.RawPath = target.Path, target.RawPath
	}
}

// readMessage reads and judges the body of a POST, whose size has no limit;
// false means that it was answered.
func (call *mcpCall) readMessage(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, call.home.mcp, invalidBodyMessage+err.Error())
		return false
	}
	msg, forward, err := decodeRequest(body)
	if err != nil {
		refuse(w, call.home.mcp, invalidBodyMessage+err.Error())
		return false
	}
	call.service.requests.update(func() { call.record.MCPMethod = msg.Method })
	if !msg.isRequest() && !msg.isNotification() {
		refuse(w, call.home.mcp, notRequestMessage)
		return false
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(forward)), int64(len(forward)), nil
	return call.checkMessage(w, msg)
}

// checkMessage applies the tool rules to a request. A call that asks for no
// answer is not looked at.
func (call *mcpCall) checkMessage(w http.ResponseWriter, msg *rpcMessage) bool {
	if !msg.isRequest() {
		return true
	}
	if msg.Method == "tools/call" {
		switch tool := msg.toolName(); {
		case tool == "":
			answer(w, msg.failure(-32600, badRequestMessage, messageData{nameMissingReason}))
			return false
		case !call.toolAllowed(tool):
			answer(w, msg.failure(-32602, toolDeniedMessage, errorData{messageData{toolDeniedReason}}))
			return false
		}
	}
	call.service.sessions.pushRequest(call.session, msg)
	return true
}

func (call *mcpCall) toolAllowed(tool string) bool {
	return toolAllowed(call.roles, call.identity.Traits, call.app, tool)
}

// answer answers for the app.
func answer(w http.ResponseWriter, msg *rpcMessage) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(mustJSON(msg))
}

// refuse answers a body that does not go to the app.
func refuse(w http.ResponseWriter, release mcpRelease, message string) {
	writeMCPError(w, release, http.StatusBadRequest, originAppService, message)
}

// isWellKnown reports whether a path is for metadata, which passes untouched.
func isWellKnown(path string) bool { return strings.HasPrefix(path, "/.well-known/") }

// untouched reports whether the answer to a request passes whatever it is.
func untouched(r *http.Request) bool {
	return r.Method == http.MethodDelete || r.Method == http.MethodGet && isWellKnown(r.URL.Path)
}
