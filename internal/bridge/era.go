// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "github.com/tshmcp/tshmcp/internal/bridge/frame"

// modernVersion is the first protocol version without handshake, session and
// listening stream. A message belongs to that era if it says so itself:
// servers may be spoken to in both eras at once.
const modernVersion = "2026-07-28"

// isModern says whether a session's version is one of that era. Names such as that of
// a draft, DRAFT-2025-v2, are no dates, and a session that has one began like all.
func isModern(version string) bool { return version >= modernVersion && version[0] <= '9' }

const metaVersion = "io.modelcontextprotocol/protocolVersion"

// Methods the bridge has to know beside those of the handshake.
const (
	methodCall     = "tools/call"
	methodDiscover = "server/discover"
	methodListen   = "subscriptions/listen"
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
