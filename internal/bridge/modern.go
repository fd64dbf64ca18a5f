// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
)

// modernVersion is the first protocol version without handshake, session and
// listening stream. A message belongs to that era if it says so itself:
// servers may be spoken to in both eras at once.
const modernVersion = "2026-07-28"

const metaVersion = "io.modelcontextprotocol/protocolVersion"

// Methods the bridge has to know beside those of the handshake.
const (
	methodCall     = "tools/call"
	methodDiscover = "server/discover"
	methodListen   = "subscriptions/listen"
)

const (
	headerMethod = "Mcp-Method"
	headerName   = "Mcp-Name"
)

// modernOf returns the protocol version in a message's own metadata, "" for a
// message of the legacy eras.
func modernOf(m message) string {
	if m.params == nil {
		return ""
	}
	version, _ := lookupString(m.params, "_meta", metaVersion)
	return version
}

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

// headersFor returns what a message needs beside its body: the headers of its
// own era (transport.md B19, B23, M3 to M7).
func (b *bridge) headersFor(m message, modern string, s session) (http.Header, error) {
	h := make(http.Header)
	if modern != "" {
		return h, b.stampModern(h, m, modern)
	}
	if m.method == methodInitialize {
		return h, nil
	}
	s.stamp(h)
	if s.version >= modernVersion && m.method != "" { // an odd server (transport.md 1G, last row)
		return h, b.stampModern(h, m, s.version)
	}
	return h, nil
}

// stampModern sets the headers that repeat parts of the body.
func (b *bridge) stampModern(h http.Header, m message, version string) error {
	if !isHeaderSafe(version) || !isHeaderSafe(m.method) {
		return &Error{
			Kind: KindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted,
			Err: fmt.Errorf("method or protocol version cannot be sent in a header"),
		}
	}
	h.Set(headerVersion, version)
	h.Set(headerMethod, m.method)
	if param := nameParam[m.method]; param != "" {
		if name, ok := lookupString(m.params, param); ok {
			h.Set(headerName, encodeHeader(name))
		}
	}
	if m.method == methodCall {
		b.tools.stamp(h, m.params)
	}
	return nil
}
