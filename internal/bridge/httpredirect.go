// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
)

// Many servers answer /mcp with a redirect to /mcp/. One that keeps method and body
// (307, 308) and leads to another path of the same origin is followed, and the path
// is used until the next handshake, or until there is nothing. What leads anywhere
// else is refused: it could get the session, the headers and the arguments of a call
// (transport.md F-20).

// endpoint is where requests go.
type endpoint struct {
	configured string
	moved      atomic.Pointer[string] // by the server; nil: it is where it was configured
}

func (e *endpoint) address() string {
	if moved := e.moved.Load(); moved != nil {
		return *moved
	}
	return e.configured
}

// learn keeps to where a request went that was answered so.
func (e *endpoint) learn(address string, resp *http.Response) {
	switch status := resp.StatusCode; {
	case resp.Request.Method != http.MethodPost:
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed, status == http.StatusGone:
		e.moved.Store(nil)
	case status < 300 && address != e.configured:
		e.moved.Store(&address)
	}
}

// readable takes away a Location that is none: net/http would report a request that
// got no answer. It names the request, as not every transport does.
type readable struct{ http.RoundTripper }

func (t readable) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err == nil {
		resp.Request = req
		if _, wrong := url.Parse(resp.Header.Get("Location")); wrong != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

// maxRedirects bounds how often one request is sent on.
const maxRedirects = 3

// followed is where a request goes on that was answered so, "" if nowhere. asked
// are the addresses that it was sent to.
func followed(resp *http.Response, asked []string) string {
	if !keepsRequest[resp.StatusCode] || len(asked) > maxRedirects {
		return ""
	}
	to, err := resp.Location()
	if err != nil || misled(resp.Request.URL, to) != "" {
		return ""
	}
	to.Fragment, to.RawFragment = "", ""
	if slices.Contains(asked, to.String()) {
		return ""
	}
	return to.String()
}

// keepsRequest are the redirects after which method and body stay.
var keepsRequest = map[int]bool{http.StatusTemporaryRedirect: true, http.StatusPermanentRedirect: true}

// misled says why a request does not follow a redirect to that address, "" if it may.
func misled(from, to *url.URL) string {
	switch {
	case from.Scheme == "https" && to.Scheme == "http":
		return "it leads to an address without TLS"
	case from.Scheme != to.Scheme || !sameHost(from, to) || to.User != nil:
		return "it leads to another server"
	case from.RawQuery != to.RawQuery:
		return "it leads to more than another path"
	}
	return ""
}

// sameHost compares names and ports.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" || u.Scheme != "https" && u.Scheme != "http" {
		return port
	}
	return map[string]string{"https": "443", "http": "80"}[u.Scheme]
}

// setRedirect notes where a redirect leads and why it is not followed.
func (e *Error) setRedirect(resp *http.Response) {
	to, err := resp.Location()
	if err != nil || resp.Request == nil {
		e.Note = "it does not say where to"
		return
	}
	from := resp.Request.URL
	e.Location = shownLocation(from, to)
	switch why := misled(from, to); {
	case why != "":
		e.Note = why
	case keepsRequest[resp.StatusCode]:
		e.Note = "it leads in a circle, or never ends"
	default:
		e.Note = fmt.Sprintf("HTTP %d does not keep a request as it is, as 307 and 308 do", resp.StatusCode)
	}
}

// shownLocation is an address without what may be secret in it: of the same origin
// the path alone.
func shownLocation(from, to *url.URL) string {
	text := to.EscapedPath()
	if from.Scheme != to.Scheme || !sameHost(from, to) {
		text = to.Scheme + "://" + to.Host + text
	}
	if to.RawQuery != "" {
		text += "?***"
	}
	return cleanDetail(text)
}

// askedOf is what an answer is to, as "POST /mcp".
func askedOf(resp *http.Response) string {
	if resp.Request == nil || resp.Request.URL == nil {
		return ""
	}
	path := resp.Request.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	return resp.Request.Method + " " + path
}
