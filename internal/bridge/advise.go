// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// advised is the error that a tool call was answered with, with what the user can do
// about it behind its text; every other byte stays.
func (rl *relay) advised(x *pending, doc []byte, m frame.Message) []byte {
	code, numbered := codeOf(m.Failure)
	message, ok := frame.LookupString(m.Failure, "message")
	at, found := frame.Find(doc, "error", "message")
	if rl.cfg.Advise == nil || !numbered || !ok || !found {
		return doc
	}
	advice := rl.cfg.Advise(x.ctx, code, message)
	if advice == "" {
		return doc
	}
	return frame.Splice(doc, at, encodeJSON(message+" "+messagePrefix+" "+plain.Line(advice)))
}
