// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const (
	headerMethod = "Mcp-Method"
	headerName   = "Mcp-Name"
	headerParam  = "Mcp-Param-"
)

// nameParam is the parameter that Mcp-Name repeats, by method (transport.md M4,
// M5).
var nameParam = map[string]string{
	methodCall:       "name",
	"prompts/get":    "name",
	"resources/read": "uri",
	"tasks/get":      "taskId",
	"tasks/update":   "taskId",
	"tasks/cancel":   "taskId",
}

// stamp sets the headers that belong to a session.
func (s session) stamp(h http.Header) {
	if s.id != "" {
		h.Set(headerSession, s.id)
	}
	if frame.IsHeaderSafe(s.version) {
		h.Set(headerVersion, s.version)
	}
}

// headersFor returns what a message needs beside its body: the headers of its
// own era (transport.md B19, B23, M3 to M7).
func (u *httpUpstream) headersFor(m outgoing) (http.Header, error) {
	h := make(http.Header)
	if m.modern != "" {
		return h, u.stampModern(h, m.Message, m.modern)
	}
	if m.Method == methodInitialize {
		return h, nil
	}
	m.session.stamp(h)
	if isModern(m.session.version) && m.Method != "" { // an odd server (transport.md 1G, last row)
		return h, u.stampModern(h, m.Message, m.session.version)
	}
	return h, nil
}

// stampModern sets the headers that repeat parts of the body.
func (u *httpUpstream) stampModern(h http.Header, m frame.Message, version string) error {
	if !frame.IsHeaderSafe(version) || !frame.IsHeaderSafe(m.Method) {
		return &Error{
			Kind: kindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted,
			Err: fmt.Errorf("method or protocol version cannot be sent in a header"),
		}
	}
	h.Set(headerVersion, version)
	h.Set(headerMethod, m.Method)
	if param := nameParam[m.Method]; param != "" {
		if name, ok := frame.LookupString(m.Params, param); ok {
			h.Set(headerName, frame.EncodeHeader(name))
		}
	}
	if m.Method == methodCall {
		for name, value := range u.tools.arguments(m.Params) {
			h.Set(headerParam+name, value)
		}
	}
	return nil
}
