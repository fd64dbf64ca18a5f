// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Origin is who made the HTTP answer that came on the connection to an app.
type Origin string

// A status alone proves nothing: the app itself, and firewalls before it,
// answer with the same ones.
const (
	FromUnknown    Origin = ""            // nothing in the answer proves it
	FromProxy      Origin = "proxy"       // it went no further than the proxy
	FromAppService Origin = "app-service" // it may have gone to the app and back
	FromApp        Origin = "app"         // passed on by Teleport
)

// Refusal is what an answer of Teleport's own means.
type Refusal string

// NotTeleports is every answer that is not proven to be Teleport's.
const (
	NotTeleports Refusal = ""
	// SessionUnknown: the proxy has no app session for the certificate, or no
	// app service that carries the app. It did not reach the app.
	SessionUnknown Refusal = "session unknown"
	// AccessDenied: by a role, for a second factor or a trusted device that is
	// missing, by a lock; or the app is gone. It did not reach the app.
	AccessDenied Refusal = "access denied"
	// AppUnreachable: the app service got no connection to the app.
	AppUnreachable Refusal = "app unreachable"
	// AppSilent: the app was reached and closed the connection unanswered.
	AppSilent Refusal = "app silent"
	// AppSlow: the app was reached and did not begin to answer in time.
	AppSlow Refusal = "app slow"
	// AnswerTooLong: the app answered more than Teleport passes on.
	AnswerTooLong Refusal = "answer too long"
	// AnswerUnusable: the app answered what Teleport does not pass on.
	AnswerUnusable Refusal = "answer unusable"
	// RequestRefused: Teleport did not pass the request on.
	RequestRefused Refusal = "request refused"
	// Unexplained: the words of somebody on the way, perhaps Teleport, of whom
	// a denial is one of many possible causes.
	Unexplained Refusal = "unexplained"
)

// Answer is what an error answer on an app connection tells.
type Answer struct {
	Origin  Origin
	Refusal Refusal
	Reason  string // Teleport's own words, on one line; empty if they say nothing
	// Proven: nobody but Teleport answers so. Other programs in Go use the words
	// of the proxy, and of the app service of ordinary apps, too.
	Proven bool
	// Bare: it is in the form of an error of Teleport's and does not name who made
	// it, as MCP servers that know the form can do as well. See ProvenAt.
	Bare bool
}

// ProvenAt tells whether nobody but Teleport answers so at an MCP app of a
// cluster of that version; empty if it is not known. Below the version that is
// known to name who made an answer, its form is all there is to go by.
func (a Answer) ProvenAt(serverVersion string) bool {
	return a.Proven || a.Bare && !atLeast(serverVersion, originVersion)
}

// The limits of the app service for an MCP app (protocol.md 8.1), which
// its answers do not name.
const (
	AppAnswerLimit = 10 << 20 // bytes of a JSON answer
	AppHeaderLimit = 60       // seconds until an answer begins
)

// OnlyOfMCPApps tells whether the answer, if it is Teleport's, is one that only
// MCP apps have: it names who made it, or is JSON. At an ordinary app it is the
// app's.
func OnlyOfMCPApps(h http.Header) bool {
	return h.Get(headerOrigin) != "" || mediaType(h) == "application/json"
}

// AnswerPrefix is how much of a body WhoAnswered wants to see, in bytes.
const AnswerPrefix = 8 << 10

// headerOrigin tells who made an error answer, in the newest versions.
const headerOrigin = "X-Teleport-Mcp-Error-Origin"

// WhoAnswered tells who made the answer to a request on an app connection and,
// if it was Teleport, what it means (protocol.md 8.4, 15.3). body is
// the beginning of the body. Everything below 400 is the app's.
func WhoAnswered(status int, h http.Header, body []byte) Answer {
	text := string(body)
	switch {
	case status < 400:
		return Answer{Origin: FromApp}
	case h.Get(headerOrigin) != "":
		return byHeader(h.Get(headerOrigin), status, text)
	case isTrace(status, h, text):
		return Answer{Origin: FromAppService, Refusal: AccessDenied, Reason: reason(text), Bare: true}
	case isForeign(h):
		return Answer{Origin: FromApp}
	case isPlain(h) && strings.HasPrefix(text, "Connection Refused") && strings.Contains(text, "Teleport was unable to connect"):
		return Answer{Origin: FromAppService, Refusal: AppUnreachable, Reason: reason(text), Proven: true}
	case !isPlain(h):
		return Answer{}
	}
	return byText(status, h, text)
}

// MayBeTeleports tells from the head of an answer whether its body could say
// that Teleport made it. Every other body can be left unread.
func MayBeTeleports(status int, h http.Header) bool {
	if status < 400 || IsStream(h) {
		return false
	}
	return h.Get(headerOrigin) != "" || !isForeign(h) && (isPlain(h) || mediaType(h) == "application/json")
}

// byText knows the plain answers of net/http that the proxy gives, which other
// programs give as well where they add nothing to them.
func byText(status int, h http.Header, text string) Answer {
	hardened := h.Get("X-Content-Type-Options") == "nosniff"
	switch {
	case hardened && status == http.StatusForbidden && text == "Forbidden\n":
		return Answer{Origin: FromProxy, Refusal: SessionUnknown}
	case hardened && status == http.StatusNotFound && text == "Not Found\n":
		return Answer{Origin: FromAppService, Refusal: AccessDenied}
	case (status == http.StatusBadGateway || status == http.StatusInternalServerError) && strings.TrimSuffix(text, "\n") == http.StatusText(status):
		return Answer{Refusal: Unexplained}
	}
	return Answer{}
}

// byHeader is WhoAnswered where the answer names its origin.
func byHeader(origin string, status int, text string) Answer {
	a := Answer{Origin: FromAppService, Reason: reason(text), Proven: true}
	switch {
	case origin == "upstream", origin == "upstream-unreachable" && status < http.StatusInternalServerError:
		return Answer{Origin: FromApp}
	case origin == "upstream-unreachable":
		a.Refusal = notReached(status, text)
	case status == http.StatusNotFound, status == http.StatusForbidden, status == http.StatusUnauthorized:
		a.Refusal = AccessDenied
	case strings.Contains(text, "read limit is reached"):
		a.Refusal = AnswerTooLong
	case strings.HasPrefix(text, "invalid request body"), text == "not a MCP request or notification":
		a.Refusal = RequestRefused
	case isDial(text): // no network error: the name of the app, its certificate
		a.Refusal = AppUnreachable
	default:
		a.Refusal = AnswerUnusable
	}
	return a
}

// notReached tells whether the app can have seen the request.
func notReached(status int, text string) Refusal {
	switch {
	case isDial(text):
		return AppUnreachable
	case status == http.StatusGatewayTimeout:
		return AppSlow
	}
	return AppSilent
}

// isDial tells whether the text is about getting a connection.
func isDial(text string) bool {
	return strings.HasPrefix(text, "dial ") || strings.HasPrefix(text, "tls: ") || strings.HasPrefix(text, "x509: ") ||
		strings.Contains(text, "connection refused")
}

// isTrace tells whether the body is an error as Teleport writes it.
func isTrace(status int, h http.Header, text string) bool {
	return (status == http.StatusNotFound || status == http.StatusForbidden) &&
		mediaType(h) == "application/json" && !isForeign(h) &&
		strings.HasPrefix(text, "{\n    \"error\": {\n        \"message\": ") && traceMessage(text) != ""
}

// traceMessage is the message of such an error, or empty.
func traceMessage(text string) string {
	var body struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(text), &body) != nil {
		return ""
	}
	return body.Error.Message
}

// foreignHeaders are set by apps, gateways and firewalls; Teleport's own
// answers have none of them. Its connections to a client are end to end, so
// nobody can have added one to them.
var foreignHeaders = []string{
	"Access-Control-Allow-Origin", "Allow", "Content-Encoding", "Etag", "Retry-After", "Server", "Set-Cookie", "Vary", "Via", "Www-Authenticate",
}

func isForeign(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "Mcp-") || strings.HasPrefix(name, "X-") && name != headerOrigin && !proxyHeaders[name] {
			return true
		}
	}
	return slices.ContainsFunc(foreignHeaders, func(name string) bool { return h.Get(name) != "" })
}

// proxyHeaders are those of Teleport's web server.
var proxyHeaders = map[string]bool{"X-Content-Type-Options": true, "X-Frame-Options": true, "X-Xss-Protection": true}

func isPlain(h http.Header) bool { return h.Get("Content-Type") == "text/plain; charset=utf-8" }

// IsStream tells whether an answer is an event stream.
func IsStream(h http.Header) bool { return mediaType(h) == "text/event-stream" }

func mediaType(h http.Header) string {
	t, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return t
}

// reason makes one line of what Teleport says, without what only repeats the
// status.
func reason(text string) string {
	if message := traceMessage(text); message != "" {
		text = message
	}
	// The advice that follows is for whoever runs the app.
	text, _, _ = strings.Cut(text, "Ensure the server is running")
	text = strings.Trim(oneLine(text), " .")
	switch strings.ToLower(text) {
	case "not found", "forbidden":
		return ""
	}
	return text
}
