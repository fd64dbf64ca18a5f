// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
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
func modernOf(m frame.Message) string {
	if m.Params == nil {
		return ""
	}
	version, _ := frame.LookupString(m.Params, "_meta", metaVersion)
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
func (b *bridge) headersFor(m frame.Message, modern string, s session) (http.Header, error) {
	h := make(http.Header)
	if modern != "" {
		return h, b.stampModern(h, m, modern)
	}
	if m.Method == methodInitialize {
		return h, nil
	}
	s.stamp(h)
	if s.version >= modernVersion && m.Method != "" { // an odd server (transport.md 1G, last row)
		return h, b.stampModern(h, m, s.version)
	}
	return h, nil
}

// stampModern sets the headers that repeat parts of the body.
func (b *bridge) stampModern(h http.Header, m frame.Message, version string) error {
	if !frame.IsHeaderSafe(version) || !frame.IsHeaderSafe(m.Method) {
		return &Error{
			Kind: KindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted,
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
		b.tools.stamp(h, m.Params)
	}
	return nil
}
