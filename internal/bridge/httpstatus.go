// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// statusError classifies an HTTP answer that is no success (transport.md 2.1,
// F-4 to F-9b). What is not on the list of class B may have run.
func statusError(resp *http.Response) *Error {
	e := &Error{Kind: KindHTTPStatus, Executed: MayHaveRun, HTTPStatus: resp.StatusCode, Asked: askedOf(resp)}
	wait := sensibleWait(resp.Header.Get("Retry-After"), time.Now())
	switch code := resp.StatusCode; {
	case code == http.StatusUnauthorized:
		e.Kind, e.Executed = kindUnauthorized, NotExecuted
		e.Challenge = challenge(resp.Header)
	case code == http.StatusForbidden:
		e.Kind, e.Executed = KindForbidden, NotExecuted
		e.Challenge = challenge(resp.Header)
	case code == http.StatusTooManyRequests:
		e.Kind, e.Executed, e.Retryable = kindThrottled, NotExecuted, true
		e.RetryAfter = wait
	case code == http.StatusServiceUnavailable && wait != "":
		e.Kind, e.RetryAfter = kindThrottled, wait
	case isRedirect[code]:
		e.Kind, e.Executed = KindRedirect, NotExecuted
		e.setRedirect(resp)
	case neverDispatched[code]:
		e.Executed = NotExecuted
	}
	return e
}

// isRedirect are the answers that lead elsewhere. A 304 is none, nor is what has no
// meaning any more.
var isRedirect = map[int]bool{
	http.StatusMultipleChoices: true, http.StatusMovedPermanently: true, http.StatusFound: true, http.StatusSeeOther: true,
	http.StatusTemporaryRedirect: true, http.StatusPermanentRedirect: true,
}

var neverDispatched = map[int]bool{
	http.StatusNotFound:                    true,
	http.StatusMethodNotAllowed:            true,
	http.StatusNotAcceptable:               true,
	http.StatusGone:                        true,
	http.StatusRequestEntityTooLarge:       true,
	http.StatusUnsupportedMediaType:        true,
	http.StatusMisdirectedRequest:          true,
	http.StatusRequestHeaderFieldsTooLarge: true,
	http.StatusNotImplemented:              true,
}

// challenge keeps the scheme of WWW-Authenticate and, for MCP authorization,
// where its metadata is. The rest may be anything and is dropped.
func challenge(h http.Header) string {
	scheme, params, _ := strings.Cut(strings.TrimSpace(h.Get("WWW-Authenticate")), " ")
	scheme = headerText(scheme)
	const name = "resource_metadata="
	i := strings.Index(params, name)
	if scheme == "" || i < 0 || len(params) > maxChallenge {
		return scheme
	}
	value, _, _ := strings.Cut(strings.Trim(params[i+len(name):], `"`), `"`)
	u, err := url.Parse(value)
	if err != nil || u.RawQuery != "" || u.User != nil {
		return scheme
	}
	return scheme + ` resource_metadata="` + u.String() + `"`
}

// streamRefused judges the answer to a GET (transport.md B15, P11).
func streamRefused(s session, resp *http.Response) error {
	switch code := resp.StatusCode; {
	case code == http.StatusOK && mediaType(resp) == typeStream:
		return nil
	case code == http.StatusNotFound && s.id != "":
		return &Error{Kind: kindSessionLost, Executed: NotExecuted, HTTPStatus: code, lost: true, noStream: true}
	case code == http.StatusConflict, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500 && code != http.StatusNotImplemented:
		return statusError(resp)
	}
	e := statusError(resp)
	e.noStream = true
	return e
}

// longestWait is the most that a client is told to wait.
const longestWait = 24 * time.Hour

// sensibleWait is a Retry-After for a client, who may well sleep for so long: as it is,
// a day if it is longer, and "" if it is none.
func sensibleWait(value string, now time.Time) string {
	wait, ok := retryAfter(value, now)
	switch {
	case !ok:
		return ""
	case wait > longestWait:
		return strconv.Itoa(int(longestWait.Seconds()))
	}
	return strings.TrimSpace(value)
}

// retryAfter reads Retry-After: seconds or a date.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if frame.IsDigits(value) {
		n, err := strconv.Atoi(value)
		return time.Duration(min(n, 1<<20)) * time.Second, err == nil
	}
	date, err := http.ParseTime(value)
	return max(0, date.Sub(now)), err == nil
}
