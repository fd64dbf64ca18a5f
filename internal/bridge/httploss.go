// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// lossIn says what a refusal tells about the session.
func lossIn(s session, resp *http.Response, body []byte) loss {
	status := resp.StatusCode
	if !isLoss(s, resp, body) {
		return loss{}
	}
	return loss{
		likely:   true,
		doubtful: isDoubtful(status, body),
		named:    status != http.StatusBadRequest && namesSession(body),
	}
}

// isLoss says whether an answer means that the server does not know the
// session the exchange was sent in. Many servers say so with 400 and a text
// (transport.md 3.2, F-8).
func isLoss(s session, resp *http.Response, body []byte) bool {
	switch status := resp.StatusCode; {
	case status == http.StatusNotFound:
		return s.id != ""
	case status == http.StatusUnauthorized: // some have no other word for it
		return s.id != "" && (namesSession(body) || resp.Header.Get("Www-Authenticate") == "")
	case status != http.StatusBadRequest:
		return false
	}
	if s.gen > 0 && containsAny(lowered(body), "not initialized", "not been initialized") {
		return true
	}
	return s.id != "" && namesSession(body)
}

// namesSession says whether a refusal's text is about the session.
func namesSession(body []byte) bool {
	text := lowered(body)
	return strings.Contains(text, "session") && containsAny(text,
		"not found", "no valid", "invalid", "unknown", "missing", "expired", "terminated", "not exist", "required", "no active", "no longer", "closed", "timed out")
}

// lowered is the beginning of a refusal's body in lower case.
func lowered(body []byte) string { return string(bytes.ToLower(body[:min(len(body), 4<<10)])) }

// isDoubtful says whether a 404 may come from something on the way that knows
// nothing of sessions: neither does it name one, nor is it JSON-RPC. A 401 may be
// about a session of another kind.
func isDoubtful(status int, body []byte) bool {
	return status == http.StatusUnauthorized || status == http.StatusNotFound && !strings.Contains(lowered(body), "session") && frame.Lookup(body, "jsonrpc") == nil
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}
