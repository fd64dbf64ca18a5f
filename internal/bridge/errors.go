// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Kind names a failure; it is the "kind" of an error's data (transport.md 2.2).
type Kind string

// The failures a bridge answers itself.
const (
	KindUnreachable       Kind = "upstream_unreachable"
	kindClientCertificate Kind = "client_certificate"
	kindServerCertificate Kind = "server_certificate"
	kindUnauthorized      Kind = "unauthorized"
	KindForbidden         Kind = "forbidden"
	kindSessionLost       Kind = "session_lost"
	KindHTTPStatus        Kind = "http_status"
	kindThrottled         Kind = "throttled"
	KindRedirect          Kind = "redirect"
	kindStreamLost        Kind = "stream_lost"
	KindConnectionLost    Kind = "connection_lost"
	KindTimeout           Kind = "timeout"
	KindMalformed         Kind = "upstream_malformed"
	kindTruncated         Kind = "body_truncated"
	kindContentType       Kind = "unexpected_content_type"
	kindNoResponse        Kind = "no_response"
	kindRequestTooLarge   Kind = "request_too_large"
	KindResponseTooLarge  Kind = "response_too_large"
	kindParseError        Kind = "parse_error"
	kindInvalidRequest    Kind = "invalid_request"
	kindConfiguration     Kind = "configuration"
	kindTooManyOpen       Kind = "too_many_open"
	kindShutdown          Kind = "shutting_down"
	kindInternal          Kind = "internal"
)

// Execution says whether the server may have acted on a request
// (transport.md 2.1.7).
type Execution string

// A request of class A or B was certainly not executed; of class C nothing is
// known.
const (
	NotExecuted Execution = "no"
	MayHaveRun  Execution = "unknown"
)

// Error is a failed request. Config.Describe gets one for every failure that
// the bridge answers; Err holds the cause, if there is one, and its chain is
// free for errors.As.
type Error struct {
	Kind       Kind
	Executed   Execution
	Retryable  bool // sending the same request again is safe and may help
	Code       int  // JSON-RPC code; 0 means -32603
	Method     string
	attempts   int    // how often the request was tried; 0 if never
	HTTPStatus int    // 0 without an HTTP answer
	Asked      string // what that is to, as "POST /mcp"
	Location   string // of a redirect, without what may be secret
	Challenge  string // scheme and resource_metadata of WWW-Authenticate
	RetryAfter string // of a 429 or 503, as the server wrote it if that makes sense, and a day at most
	Limit      int64  // of a message that is too large, in bytes
	Size       int64  // what was seen of such a message, in bytes
	Note       string // more than the kind says, one clause
	Err        error
	// Detail is the text of whoever answered, shown after the bridge's own
	// words. It may come from anywhere and be anything: it is cleaned and cut to
	// one short line where it is shown.
	Detail   string
	DetailBy string // who says so; "" for the server

	stated  bool   // by Config.Transport: its word counts, whatever was seen of the request
	instead *Error // of a refusal that says lost: what it is if no session can be opened
	lost    bool   // the server refused the request for its session
	silent  bool   // the connection died without a word: what it waited does not count
	again   bool   // the request may be sent again at once

	noStream bool // the server has no such stream, whenever it is asked
	loss     loss // what a refused notification or response tells
}

// Error returns the sentence without any prefix.
func (e *Error) Error() string { return e.words() + e.said("") }

// words is what the bridge itself says.
func (e *Error) words() string {
	text := e.sentence()
	if e.Note != "" {
		text += "; " + e.Note
	}
	if e.Err != nil {
		text += ": " + errcode.Words(e.Err)
	}
	return text
}

// said is what follows the text, if it does not have the detail already.
func (e *Error) said(text string) string {
	detail := cleanDetail(e.Detail)
	if detail == "" || strings.Contains(text, detail) {
		return ""
	}
	return "; " + cmp.Or(e.DetailBy, "the server") + ` says: "` + detail + `"`
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) sentence() string {
	switch e.Kind {
	case KindHTTPStatus:
		return fmt.Sprintf("the server answered HTTP %d %s", e.HTTPStatus, http.StatusText(e.HTTPStatus))
	case KindRedirect:
		if e.Location != "" {
			return fmt.Sprintf("the server answered %s with a redirect (HTTP %d) to %s, which is not followed", e.Asked, e.HTTPStatus, e.Location)
		}
	case kindRequestTooLarge:
		return fmt.Sprintf("the request is %d bytes long, the limit is %d", e.Size, e.Limit)
	case KindResponseTooLarge:
		return e.tooLong()
	case kindShutdown:
		if e.Executed == MayHaveRun {
			return "the bridge is shutting down; the request may have been executed"
		}
		return "the bridge is shutting down"
	case kindClientCertificate:
		if isCredential(e.Err) {
			return "there is no certificate to reach the server with"
		}
	case KindForbidden:
		if e.HTTPStatus == 0 {
			return "access was denied"
		}
	case kindThrottled:
		return fmt.Sprintf("the server is overloaded and answered HTTP %d", e.HTTPStatus)
	}
	if s, ok := sentences[e.Kind]; ok {
		return s
	}
	return "the request failed"
}

// tooLong says as much of the sizes as is known.
func (e *Error) tooLong() string {
	text := "the server's answer is too long to pass on"
	if e.Limit > 0 {
		text = fmt.Sprintf("the server's answer is longer than the limit of %d bytes", e.Limit)
	}
	if e.Size > 0 {
		text += fmt.Sprintf(" (%d bytes seen)", e.Size)
	}
	return text
}

var sentences = map[Kind]string{
	KindUnreachable:       "the server cannot be reached",
	kindClientCertificate: "the client certificate was not accepted",
	kindServerCertificate: "the server's certificate cannot be trusted",
	kindUnauthorized:      "the server demands authorization (HTTP 401)",
	KindForbidden:         "access was denied (HTTP 403)",
	kindSessionLost:       "the MCP session was lost",
	KindRedirect:          "the server answered with a redirect, which is not followed",
	kindStreamLost:        "the answer's stream broke off before the response; the request may have been executed",
	KindConnectionLost:    "the connection broke off before the response; the request may have been executed",
	KindTimeout:           "the request timed out; it may still be running",
	KindMalformed:         "the server's answer is malformed",
	kindTruncated:         "the server's answer was cut off; the request may have been executed",
	kindContentType:       "the server's answer is neither JSON nor an event stream",
	kindNoResponse:        "the server sent no response; the request may have been executed",
	kindParseError:        "the message is not valid JSON in UTF-8",
	kindInvalidRequest:    "the message is not a valid JSON-RPC 2.0 request",
	kindTooManyOpen:       "too many requests are open at once, or too long ones",
	kindConfiguration:     "the bridge cannot start",
	kindInternal:          "internal error",
}

// isPlainRefusal says whether the server refused a request for what it is, not
// for who sent it or when.
func (e *Error) isPlainRefusal() bool {
	return e.Kind == KindHTTPStatus && e.HTTPStatus >= 400 && e.HTTPStatus < 500
}

// headerText bounds a header's value to a short printable text.
func headerText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), 200)]
}

// passing are the answers of gateways that a probe waits out: a client that
// gets an error takes the server for a legacy one (transport.md 1G).
var passing = []int{
	http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable,
	http.StatusGatewayTimeout,
}

func (e *Error) isPassing() bool { return slices.Contains(passing, e.HTTPStatus) }

// isServerFault says whether the answer was one about the server, not the
// request.
func (e *Error) isServerFault() bool { return e.HTTPStatus >= 500 }
