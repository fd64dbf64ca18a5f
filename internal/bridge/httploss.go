// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// lossIn says what a refusal tells about the session.
func lossIn(s session, resp *http.Response, body []byte) loss {
	if !isLoss(s, resp, body) {
		return loss{}
	}
	status := resp.StatusCode
	return loss{
		likely:   true,
		doubtful: isDoubtful(status, body),
		named:    s.isMeantBy(body) && string(frame.Lookup(body, "error", "code")) != strconv.Itoa(codeNoMethod),
		late:     status >= 500,
		kept:     status != http.StatusNotFound && status != http.StatusBadRequest,
	}
}

// isLoss says whether an answer may mean that the server does not know the
// session the exchange was sent in. Many servers say so with another status than
// 404 and a text, in words of their own (transport.md 3.2, F-8).
func isLoss(s session, resp *http.Response, body []byte) bool {
	switch status := resp.StatusCode; {
	case status == http.StatusNotFound:
		return s.id != ""
	case status == http.StatusUnauthorized && s.id != "" && resp.Header.Get("Www-Authenticate") == "":
		return true // some have no other word for it
	case status < 400 || status > http.StatusInternalServerError || slices.Contains(ofRequest, status):
		return false
	}
	return s.isMeantBy(body)
}

// ofRequest are the refusals that are about the request itself, or how many there
// are, whatever their text says.
var ofRequest = []int{
	http.StatusMethodNotAllowed,
	http.StatusNotAcceptable,
	http.StatusRequestTimeout,
	http.StatusRequestEntityTooLarge,
	http.StatusUnsupportedMediaType,
	http.StatusMisdirectedRequest,
	http.StatusTooManyRequests,
	http.StatusRequestHeaderFieldsTooLarge,
}

// isMeantBy says whether a refusal's text may be about the session.
func (s session) isMeantBy(body []byte) bool {
	text := lowered(body)
	return s.id != "" && strings.Contains(text, "session") || s.gen > 0 && saysUninitialized(text)
}

// saysUninitialized says whether a text is that of a server which knows of no
// handshake.
func saysUninitialized(text string) bool {
	return containsAny(text, "not initialized", "not initialised", "not been initialized", "not yet initialized", "uninitialized", "before initializ")
}

// namesSession says whether a refusal's text is about a session that is none.
func namesSession(text string) bool {
	return strings.Contains(text, "session") && containsAny(text,
		"not found", "no valid", "invalid", "unknown", "missing", "expired", "terminated", "not exist", "required", "no active", "no longer", "closed", "timed out")
}

// lowered is the beginning of a refusal's body in lower case.
func lowered(body []byte) string { return string(bytes.ToLower(body[:min(len(body), 4<<10)])) }

// isDoubtful says whether a refusal may be about something else. A 404 may come from
// something on the way that knows nothing of sessions: neither does it name one, nor
// is it JSON-RPC. A 400 is sure in the words that servers are known to use. Any other
// may be about a session of another kind.
func isDoubtful(status int, body []byte) bool {
	text := lowered(body)
	switch status {
	case http.StatusNotFound:
		return !strings.Contains(text, "session") && frame.Lookup(body, "jsonrpc") == nil
	case http.StatusBadRequest:
		return !saysUninitialized(text) && !namesSession(text)
	}
	return true
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}
